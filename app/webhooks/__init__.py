"""Webhooks: other programs are told, with a signature, what happened here.

Enters: lines of the trail; addresses that administrators name; what those answer.
Leaves: signed requests (Standard Webhooks), and each try of each with its outcome.
Promise: what a line tells is sent until it arrives or is given up, always under one id.
"""
