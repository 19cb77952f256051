"""Prints what Presidio's own pattern recognisers find in texts: JSON lines in, JSON lines out.

A process of its own: Presidio's package brings transformers and TensorFlow along where they
are installed, which is why the assistant does not import it; here they are held back.
"""

from __future__ import annotations

import json
import sys

for heavy in ("transformers", "tensorflow", "torch", "gliner", "stanza"):
    sys.modules[heavy] = None  # type: ignore[assignment]

from presidio_analyzer import predefined_recognizers as known  # noqa: E402

RECOGNISERS = (
    known.NhsRecognizer(),
    known.UkNinoRecognizer(),
    known.UkVehicleRegistrationRecognizer(),
    known.UkPostcodeRecognizer(),
    known.EmailRecognizer(),
    known.PhoneRecognizer(supported_regions=("GB",)),
)


def main() -> None:
    """One row of findings a text."""
    for line in sys.stdin:
        text = json.loads(line)
        found = [
            (r.entity_type, r.start, r.end)
            for one in RECOGNISERS
            for r in one.analyze(text, one.supported_entities, None)
        ]
        print(json.dumps(found))


if __name__ == "__main__":
    main()
