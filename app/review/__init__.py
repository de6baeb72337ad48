"""A second person's judgement of a submitted audit.

Enters: an audit that its lead assessor submitted, and a reviewer who has no part in it.
Leaves: single criteria returned with a reason, or a proposal with the scorecard frozen.
Promise: nobody reviews what they assessed or the office they work in.
"""
