/** What we use of the file beside this one. */
export function verifyAsync(
  signature: Uint8Array,
  message: Uint8Array,
  publicKey: Uint8Array,
  opts?: { zip215?: boolean },
): Promise<boolean>;
