"""HEIC in a process of its own: the decoder is C++ and falls over some damaged files.

Fuzzing showed one damaged file in a few hundred crash it. Here that ends a short-lived child,
not the server. Run by path with the bytes on stdin:

    python -I heic.py facts MOST_PIXELS   -> "width height" on stdout
    python -I heic.py draw LONG_SIDE      -> an upright PNG, at most that long
"""

import io
import resource
import sys
from typing import Final

TOO_MANY_PIXELS: Final = 3
SECONDS: Final = 30
MEMORY: Final = 1024 * 1024 * 1024


def main() -> int:
    """Do what the arguments say; 0, TOO_MANY_PIXELS, or anything else for a bad file."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import pi_heif  # noqa: PLC0415 -- within the limits just set
    from PIL import Image  # noqa: PLC0415

    pi_heif.register_heif_opener()
    Image.MAX_IMAGE_PIXELS = None  # counted below
    task, number = sys.argv[1], int(sys.argv[2])
    with Image.open(io.BytesIO(sys.stdin.buffer.read()), formats=("HEIF",)) as image:
        if task == "facts" and image.width * image.height > number:
            return TOO_MANY_PIXELS
        image.load()
        if task == "facts":
            sys.stdout.write(f"{image.width} {image.height}")
            return 0
        profile = image.info.get("icc_profile")
        image.thumbnail((number, number), Image.Resampling.BICUBIC, reducing_gap=2.0)
        bare = image.convert("RGB")
        bare.info = {}
        bare.save(sys.stdout.buffer, "PNG", compress_level=1, icc_profile=profile)
    return 0


if __name__ == "__main__":
    sys.exit(main())
