"""README.txt of an export of format 1: how anybody checks it. These words are frozen.

Verifying compares them, so that nobody can put other instructions in. New words: format 2.
"""

from typing import Final

README_1: Final = """\
ชุดหลักฐานการตรวจประเมินมาตรฐานศูนย์ราชการสะดวก (GECC)
======================================================

ไฟล์นี้คือการตรวจหนึ่งครั้งทั้งหมด: ทุกรายการที่บันทึก ลายเซ็นของเครื่องที่บันทึก ภาพทุกภาพที่เซิร์ฟเวอร์ได้รับ
และหลักฐานว่าเซิร์ฟเวอร์จดไว้เมื่อใด ใครก็ตรวจสอบได้เองโดยไม่ต้องพึ่งระบบที่สร้างไฟล์นี้
เปิด summary.html เพื่ออ่านผล

ตรวจด้วยเครื่องมือทั่วไป (Linux, macOS, Windows ที่มี Git Bash) แตกไฟล์แล้วสั่งในโฟลเดอร์นั้น

1. ไฟล์ทุกไฟล์ครบและไม่ถูกแก้ (ทุกบรรทัดต้องขึ้นว่า OK):

     sha256sum -c SHA256SUMS

2. รายการไฟล์นั้นเซิร์ฟเวอร์เป็นผู้รับรอง (ต้องขึ้นว่า Signature Verified Successfully):

     openssl pkeyutl -verify -pubin -inkey log.pub.pem -rawin \\
       -in SHA256SUMS -sigfile SHA256SUMS.sig

   กุญแจ log.pub.pem มากับไฟล์นี้ ควรเทียบกับกุญแจที่ได้รับจากหน่วยงานทางอื่นด้วย
   (ที่อยู่ /log/key ของระบบ)

3. เครื่องของผู้บันทึกลงลายเซ็นรายการจริง (ทุกบรรทัดต้องขึ้นว่า Verified OK):

     while read -r seq kid der; do
       sed -n "${seq}p" changes.txt | cut -d' ' -f5- | tr -d '\\n' > line.tmp
       echo "$der" | base64 -d > sig.tmp
       openssl dgst -sha256 -verify "keys/$kid.pem" -signature sig.tmp line.tmp
     done < signatures.txt

ตรวจทุกอย่างในคำสั่งเดียว (ลำดับ ลายเซ็น ทะเบียน ภาพ และคำนวณผลใหม่):  gecc verify ไฟล์.zip
ผล 0 คือครบถ้วน 1 คือถูกแก้ไข 2 คือไม่ครบ

----------------------------------------------------------------------

Evidence of one audit under the GECC standard
=============================================

This file is one whole audit: every change people made, the signatures of the devices they made
them on, every photo the server received, and proof of when the server wrote each down. Anybody
can check it without the system that made it. Open summary.html to read the result.

Checking with ordinary tools (Linux, macOS, Windows with Git Bash): unpack, then in that folder

1. Every file is here and unaltered (every line says OK):

     sha256sum -c SHA256SUMS

2. The server vouches for that list (says "Signature Verified Successfully"):

     openssl pkeyutl -verify -pubin -inkey log.pub.pem -rawin \\
       -in SHA256SUMS -sigfile SHA256SUMS.sig

   The key log.pub.pem came with this file. Compare it with one you were given by another way
   (the system shows its key at /log/key).

3. The devices of those who made the changes signed them (every line says "Verified OK"):

     while read -r seq kid der; do
       sed -n "${seq}p" changes.txt | cut -d' ' -f5- | tr -d '\\n' > line.tmp
       echo "$der" | base64 -d > sig.tmp
       openssl dgst -sha256 -verify "keys/$kid.pem" -signature sig.tmp line.tmp
     done < signatures.txt

Everything in one command (order, signatures, log, photos, and the result computed again):
gecc verify FILE.zip
It exits with 0 when whole, 1 when tampered with, 2 when incomplete.

What is what
------------
changes.txt     a change on each line: number, time of receipt, key, signature, the exact line
signatures.txt  number, key and signature (DER, base64) of every signed change
held.jsonl      lines that were received and do not count, with the reason
keys.json       the devices' public keys: whose, since when, until when; keys/ for OpenSSL
log/            the server's append-only log: key, signed checkpoint, proofs for every change
photos/         the photos, each named by its SHA-256
edition.json    the checklist; scorecard.json what it comes to; manifest.json names and lists
SHA256SUMS      the SHA-256 of every other file; SHA256SUMS.sig the server's Ed25519 signature
"""
