// The file a busy phone makes of its unsent work, on stdout; what is in it as JSON on stderr.
import { unsentFile } from "./unsent.mjs";

const { bytes, lines, photos } = await unsentFile();
process.stderr.write(JSON.stringify({ rows: [...lines], photos: [...photos.keys()] }));
process.stdout.write(bytes);
