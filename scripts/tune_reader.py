"""Tunes the reader: writes `bot/data/reader.npz`.  Run it by `make reader`.

The transformer's layers, beginning as the tuned embedding's, learn the intent of each
example and danger from everything else; on the way also the level and the indicator that
each phrase of the content, and each message of `data/signs`, belongs to, which helps them to
tell slight from grave.  A part of the texts is misspelt anew in each pass.  Run it again
when the data has changed much; what it is worth is measured in docs/evaluation/.
"""

from __future__ import annotations

import argparse
import os
import random
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

# Halves the time also on processors where TensorFlow does not do so by itself.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
import tensorflow as tf
from tokenizers import Tokenizer

from bot.evaluate.apart import examples_of, signs_of
from bot.nlu.adapter import adapter_path
from bot.nlu.embedder import model_folder, tuned_weights
from bot.nlu.reader import DANGER, GROUPS, INTENT, LEVEL, SIGN, Reader, reader_path
from bot.paths import ROOT
from knowledge.content import load_content
from knowledge.schema import Indicator
from scripts.ranges import measure
from scripts.tune_embedder import BATCH, Numbers, Task, Work, batches, misspell, tasks

LAYERS, TOKENS, DROP = 6, 64, 0.1
RATE, WARM_UP, PASSES = 2e-4, 0.05, 6
FURTHER_RATE, FURTHER_PASSES, OTHERS = 1e-4, 2, 2
# How much of the reader that it went on from is kept in the mean of both.
KEPT = 0.4
# What each task counts for, and how often a text is misspelt, or has no capitals and stops.
WEIGHTS = {INTENT: 1.0, DANGER: 1.0, LEVEL: 0.5, SIGN: 0.5}
MISSPELT, PLAIN, SMOOTHED, STRETCH = 0.35, 0.15, 0.08, 2.0
SIGNS = ROOT / "data" / "signs"
MEND = "Mend: name files of data/nlu or data/signs"
# Numbers of 16 bits halve the time where the processor multiplies them itself.
HALVES = "amx_bf16" in Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace")


def product(x: Any, y: Any, *, transposed: bool = False) -> Any:
    """Of matrices, in half precision where that is faster."""
    if HALVES:
        x, y = tf.cast(x, tf.bfloat16), tf.cast(y, tf.bfloat16)
    return tf.cast(tf.matmul(x, y, transpose_b=transposed), tf.float32)


class Branch:
    """The embedding's words as they are, and a copy of its layers to tune."""

    def __init__(self, start: Reader | None) -> None:
        """Loads the packaged weights and our corrections; the copy begins as `start` if given."""
        folder = model_folder()
        weights = tuned_weights(folder, adapter_path())
        del weights["pooler.dense.weight"], weights["pooler.dense.bias"]
        weights |= start.weights if start else {}
        self.layers = {k: tf.Variable(v) for k, v in weights.items() if k.startswith("encoder.")}
        self._w = {k: tf.constant(v) for k, v in weights.items() if k not in self.layers}
        self._w |= self.layers
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(TOKENS)
        self._tokenizer.enable_padding()

    def ids(self, texts: list[str]) -> tuple[Numbers, Numbers]:
        """Token ids and mask of a batch."""
        encoded = self._tokenizer.encode_batch(texts)
        ids = np.array([e.ids for e in encoded], np.int32)
        return ids, np.array([e.attention_mask for e in encoded], np.float32)

    def _dense(self, x: Any, key: str) -> Any:
        return product(x, self._w[f"{key}.weight"]) + self._w[f"{key}.bias"]

    def _norm(self, x: Any, key: str) -> Any:
        mean, variance = tf.nn.moments(x, -1, keepdims=True)
        scaled = (x - mean) * tf.math.rsqrt(variance + 1e-12)
        return scaled * self._w[f"{key}.weight"] + self._w[f"{key}.bias"]

    def _layer(self, x: Any, mask: Any, number: int) -> Any:
        key = f"encoder.layer.{number}."

        def split(part: str) -> Any:
            y = self._dense(x, f"{key}attention.self.{part}")
            return tf.transpose(tf.reshape(y, (tf.shape(x)[0], -1, 12, 32)), (0, 2, 1, 3))

        scores = product(split("query"), split("key"), transposed=True) / np.sqrt(32.0)
        hidden = (1.0 - mask)[:, None, None, :] * -1e9
        mixed = product(tf.nn.softmax(scores + hidden), split("value"))
        mixed = tf.reshape(tf.transpose(mixed, (0, 2, 1, 3)), (tf.shape(x)[0], -1, 384))
        x = self._norm(
            x + self._dense(mixed, f"{key}attention.output.dense"),
            f"{key}attention.output.LayerNorm",
        )
        inner = tf.nn.gelu(self._dense(x, f"{key}intermediate.dense"))
        inner = self._dense(inner, f"{key}output.dense")
        return self._norm(x + tf.nn.dropout(inner, DROP), f"{key}output.LayerNorm")

    def means(self, ids: Any, mask: Any) -> Any:
        """The mean of each text's tokens above the layers."""
        w = self._w
        x = tf.gather(w["embeddings.word_embeddings.weight"], ids)
        x += w["embeddings.position_embeddings.weight"][: tf.shape(ids)[1]]
        x = self._norm(x + w["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
        for number in range(LAYERS):
            x = self._layer(x, mask, number)
        return tf.reduce_sum(x * mask[:, :, None], 1) / tf.reduce_sum(mask, 1, keepdims=True)


def add_signs(made: dict[str, Task], folder: Path, level_of: Mapping[str, int]) -> None:
    """Add the messages of `data/signs` to what is learnt of sign, level and danger.

    A sign of level 4 may be danger now or not: of that its messages teach nothing.

    Raises:
        SystemExit: a sign that the content does not know.
    """
    for path in sorted(folder.glob("*.yml")):
        for one in signs_of(path):
            if (level := level_of.get(one.where)) is None:
                raise SystemExit(
                    f"E031 {path}: no sign {one.where}. Mend: take an id of the content"
                )
            said = {SIGN: one.where, LEVEL: str(level)}
            if level < max(level_of.values()):
                said[DANGER] = "not"
            for name, label in said.items():
                made[name].texts.append(one.text)
                made[name].labels.append(made[name].names.index(label))


def gather(made: list[Task]) -> Work:
    """Every text once, with its class in each task, or -1."""
    texts = list(dict.fromkeys(text for task in made for text in task.texts))
    at = {text: row for row, text in enumerate(texts)}
    labels = np.full((len(texts), len(made)), -1, np.int32)
    for t, task in enumerate(made):
        labels[[at[x] for x in task.texts], t] = task.labels
    return Work(texts, labels, np.zeros((0, 0), np.float32), made)


def thinned(work: Work, files: list[Path], seed: int) -> Work:
    """What is in these files, and `OTHERS` times as many of the other texts."""
    read = {path: signs_of if path.parent.name == SIGNS.name else examples_of for path in files}
    new = {one.text for path in files for one in read[path](path)}
    rows = [row for row, text in enumerate(work.texts) if text in new]
    if not rows:
        raise SystemExit(f"E030 none of the files' messages is learnt. {MEND}")
    others = [row for row, text in enumerate(work.texts) if text not in new]
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    rows += chance.sample(others, min(OTHERS * len(rows), len(others)))
    return Work([work.texts[row] for row in rows], work.labels[rows], work.plain, work.tasks)


def typed(text: str, chance: random.Random) -> str:
    """The text as somebody in a hurry may type it, or as it is."""
    if chance.random() < MISSPELT:
        text = misspell(text, chance)
    return text.lower().replace(".", " ") if chance.random() < PLAIN else text


def first_head(task: Task, start: Reader | None, draw: np.random.Generator) -> tuple[Any, Any]:
    """Weights and bias of a task's head: those of `start` for the names that it knows."""
    weight = draw.normal(0, 0.02, (384, len(task.names))).astype(np.float32)
    bias = np.zeros(len(task.names), np.float32)
    known = {name: at for at, name in enumerate(start.names)} if start else {}
    for column, name in enumerate(task.names):
        if start and (at := known.get(f"{task.name}:{name}")) is not None:
            weight[:, column], bias[column] = start.head[:, at] / STRETCH, start.bias[at]
    return tf.Variable(weight), tf.Variable(bias)


def train(
    branch: Branch, work: Work, start: Reader | None, passes: int, most: float, seed: int
) -> list[tuple[Any, Any]]:
    """Tunes the branch at a rate of at `most`; returns weights and biases of each task's head."""
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    draw = np.random.default_rng(seed)
    heads = [first_head(task, start, draw) for task in work.tasks]
    variables = [*branch.layers.values(), *(v for head in heads for v in head)]
    steps = passes * -(-len(work.texts) // BATCH)
    warm = max(1, int(steps * WARM_UP))
    rate = tf.Variable(0.0)
    optimizer = tf.keras.optimizers.legacy.Adam(rate)
    weights = [WEIGHTS[t.name] for t in work.tasks]

    @tf.function(reduce_retracing=True)  # type: ignore[untyped-decorator]
    def step(ids: Any, mask: Any, labels: Any) -> Any:
        with tf.GradientTape() as tape:
            means = tf.nn.dropout(branch.means(ids, mask), DROP)
            losses = []
            for t, (weight, bias) in enumerate(heads):
                known = tf.cast(labels[:, t] >= 0, tf.float32)
                count = weight.shape[1]
                aims = tf.one_hot(labels[:, t], count) * (1 - SMOOTHED) + SMOOTHED / count
                logits = tf.matmul(means, weight) * STRETCH + bias
                each = tf.nn.softmax_cross_entropy_with_logits(aims, logits) * known
                losses.append(tf.reduce_sum(each) / tf.maximum(tf.reduce_sum(known), 1.0))
            total = tf.add_n([w * one for w, one in zip(weights, losses)])  # noqa: B905 - autograph's
        slopes, _ = tf.clip_by_global_norm(tape.gradient(total, variables), 1.0)
        optimizer.apply_gradients(list(zip(slopes, variables)))  # noqa: B905
        return tf.stack(losses)

    # Every variable's slots must exist before the first traced step.
    optimizer.apply_gradients([(tf.zeros_like(v), v) for v in variables])
    done, began = 0, time.monotonic()
    for number in range(passes):
        losses = []
        for rows in batches(work, chance):
            rate.assign(most * min(done / warm, max(0.02, (steps - done) / (steps - warm))))
            texts = [typed(work.texts[r], chance) for r in rows]
            given = (*branch.ids(texts), work.labels[rows])
            losses.append(step(*map(tf.constant, given)).numpy())
            done += 1
            if done % 25 == 0:
                print(f"  {done} of {steps} ({time.monotonic() - began:.0f} s)", flush=True)
        means = np.mean(losses, axis=0)
        shown = ", ".join(f"{t.name} {m:.3f}" for t, m in zip(work.tasks, means, strict=True))
        print(f"pass {number + 1}/{passes}: {shown} ({time.monotonic() - began:.0f} s)", flush=True)
    return [(weight.numpy() * STRETCH, bias.numpy()) for weight, bias in heads]


def averaged(start: Reader, made: Reader, kept: float = KEPT) -> Reader:
    """A reader between the one that it went on from and what came of it.

    On the banks of danger it was better than what came of it alone (docs/adr/0010); a name
    that is new stays as it was learnt.
    """
    known = {name: at for at, name in enumerate(start.names)}
    new = [n for n, name in enumerate(made.names) if name in known]
    old = [known[made.names[n]] for n in new]
    head, bias = made.head.copy(), made.bias.copy()
    head[:, new] += kept * (start.head[:, old] - head[:, new])
    bias[new] += kept * (start.bias[old] - bias[new])
    weights = {k: v + kept * (start.weights[k] - v) for k, v in made.weights.items()}
    return Reader(weights, made.names, head, bias)


def main() -> None:
    """Learn, and write the reader."""
    parser = argparse.ArgumentParser()
    parser.add_argument(
        "--further",
        nargs="+",
        type=Path,
        default=[],
        metavar="FILE",
        help="go on from the committed reader with the messages of these files",
    )
    parser.add_argument("--passes", type=int)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--output", type=Path, default=reader_path())
    args = parser.parse_args()
    if missing := [str(path) for path in args.further if not path.is_file()]:
        parser.error(f"no such file: {', '.join(missing)}. {MEND}")
    tf.random.set_seed(args.seed)
    made = {task.name: task for task in tasks() if task.name in WEIGHTS}
    signs = load_content().all("indicators", Indicator)
    add_signs(made, SIGNS, {sign.id: int(sign.level) for sign in signs})
    work = gather(list(made.values()))
    if args.further:
        work = thinned(work, args.further, args.seed)
    print(", ".join(f"{t.name}: {len(t.texts)} texts, {len(t.names)} classes" for t in work.tasks))
    start = Reader.load(reader_path()) if args.further else None
    usual = (FURTHER_PASSES, FURTHER_RATE) if start else (PASSES, RATE)
    branch = Branch(start)
    heads = train(branch, work, start, args.passes or usual[0], usual[1], args.seed)
    by_group = {task.name: (task, head) for task, head in zip(work.tasks, heads, strict=True)}
    reader = Reader(
        {name: value.numpy() for name, value in branch.layers.items()},
        tuple(f"{group}:{name}" for group in GROUPS for name in by_group[group][0].names),
        np.concatenate([by_group[group][1][0] for group in GROUPS], axis=1),
        np.concatenate([by_group[group][1][1] for group in GROUPS]),
    )
    if start:
        reader = averaged(start, reader)
    reader.save(args.output)
    print(f"written {args.output} ({args.output.stat().st_size / 1e6:.1f} MB)")
    if args.output == reader_path():
        measure()


if __name__ == "__main__":
    main()
