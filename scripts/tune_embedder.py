"""Tunes the sentence embedding to staff's language: writes `bot/data/adapter.npz`.

Low-rank corrections (LoRA) to the attention and feed-forward weights of all-MiniLM-L6-v2
are learnt from our own content and training data: the intent of each example, danger or
not, the indicator (and its level), resource, duty or term that each phrase belongs to.
A part of the texts is misspelt anew in each pass.  Run it by `make adapter` after the
data has changed much; what it is worth is measured in docs/evaluation/.
"""

from __future__ import annotations

import argparse
import random
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf
import yaml
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from bot.nlu.adapter import TARGETS, adapter_path, lora_scale, texts_digest, vectors_path
from bot.nlu.components.knowledge_retriever import phrases_of
from bot.nlu.embedder import Embedder, model_folder, text_key
from bot.paths import ROOT
from knowledge.content import load_content
from scripts.ranges import measure

RANK, BATCH, TOKENS = 16, 64, 48
Numbers = npt.NDArray[Any]
KEYS = "qwertyuiop asdfghjkl zxcvbnm"


@dataclass
class Task:
    """Texts with a class each; `names` are the classes."""

    name: str
    texts: list[str]
    labels: list[int]
    names: list[str]
    weight: float


def intent_examples() -> list[tuple[str, str]]:
    """(text, intent) of every training example in `data/nlu`."""
    found = []
    for path in sorted((ROOT / "data" / "nlu").rglob("*.yml")):
        for part in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            lines = part.get("examples", "").splitlines()
            found += [(line[2:].strip(), part["intent"]) for line in lines if line[:2] == "- "]
    return found


def tasks() -> list[Task]:
    """Everything there is to learn from."""

    def task(name: str, rows: list[tuple[str, str]], weight: float) -> Task:
        names = sorted({label for _, label in rows})
        at = {n: i for i, n in enumerate(names)}
        return Task(name, [t for t, _ in rows], [at[label] for _, label in rows], names, weight)

    content = load_content()
    intents = intent_examples()
    flags = list(content.kinds["red_flags"].values())
    danger = [(p, "now") for f in flags for p in f.phrases]  # type: ignore[attr-defined]
    danger += [(p, "not") for f in flags for p in f.not_phrases]  # type: ignore[attr-defined]
    danger += [(t, "now" if i == "immediate_danger" else "not") for t, i in intents]
    signs: list[Any] = list(content.kinds["indicators"].values())
    made = [task("intent", intents, 1.0), task("danger", danger, 0.6)]
    said = [(phrase, sign) for sign in signs for phrase in phrases_of("indicators", sign)]
    made.append(task("level", [(phrase, str(sign.level)) for phrase, sign in said], 0.5))
    made.append(task("indicators", [(phrase, sign.id) for phrase, sign in said], 1.0))
    for kind in ("resources", "duties", "glossary"):
        rows: list[Any] = list(content.kinds[kind].values())
        made.append(task(kind, [(p, e.id) for e in rows for p in phrases_of(kind, e)], 0.4))
    return made


def misspell(text: str, chance: random.Random) -> str:
    """The text as a hurried hand types it: slips, lost letters, lost spaces."""
    out = []
    for letter in text:
        roll = chance.random()
        if roll < 0.02 and letter.isalpha():
            continue
        if roll < 0.03 and letter.isalpha():
            out.append(chance.choice(KEYS.replace(" ", "")))
        elif roll < 0.04 and letter == " ":
            continue
        else:
            out.append(letter)
        if roll > 0.985 and letter.isalpha():
            out.append(letter)
    return "".join(out)


class TunedModel:
    """The transformer with frozen weights and trainable corrections."""

    def __init__(self, seed: int) -> None:
        """Loads the packaged weights."""
        folder = model_folder()
        raw = load_file(str(folder / "model.safetensors"))
        self.w = {
            k: tf.constant(v.T if v.ndim == 2 and "embeddings" not in k else v)
            for k, v in raw.items()
            if v.dtype == np.float32
        }
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.enable_truncation(TOKENS)
        self.tokenizer.enable_padding()
        draw = np.random.default_rng(seed)
        self.down: dict[str, Any] = {}
        self.up: dict[str, Any] = {}
        for layer in range(6):
            for target in TARGETS:
                key = f"encoder.layer.{layer}.{target}"
                rows, columns = self.w[f"{key}.weight"].shape
                start = draw.normal(0, rows**-0.5, (rows, RANK)).astype(np.float32)
                self.down[key] = tf.Variable(start)
                self.up[key] = tf.Variable(np.zeros((RANK, columns), np.float32))

    def ids(self, texts: list[str]) -> tuple[Any, Any]:
        """Token ids and mask of a batch."""
        encoded = self.tokenizer.encode_batch(texts)
        ids = np.array([e.ids for e in encoded], np.int32)
        return ids, np.array([e.attention_mask for e in encoded], np.float32)

    def _dense(self, x: Any, key: str, tuned: bool, drop: float) -> Any:
        out = tf.matmul(x, self.w[f"{key}.weight"]) + self.w[f"{key}.bias"]
        if tuned:
            thin = tf.nn.dropout(x, drop) if drop else x
            out += tf.matmul(tf.matmul(thin, self.down[key]), self.up[key]) * lora_scale(RANK)
        return out

    def _norm(self, x: Any, key: str) -> Any:
        mean, variance = tf.nn.moments(x, -1, keepdims=True)
        scaled = (x - mean) * tf.math.rsqrt(variance + 1e-12)
        return scaled * self.w[f"{key}.weight"] + self.w[f"{key}.bias"]

    def encode(self, ids: Any, mask: Any, *, tuned: bool = True, drop: float = 0.0) -> Any:
        """Vectors of length one."""
        w, length = self.w, tf.shape(ids)[1]
        x = tf.gather(w["embeddings.word_embeddings.weight"], ids)
        x += w["embeddings.position_embeddings.weight"][:length]
        x = self._norm(x + w["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
        bias = (1.0 - mask)[:, None, None, :] * -1e9
        for layer in range(6):
            key = f"encoder.layer.{layer}."

            def split(part: str, key: str = key, x: Any = x) -> Any:
                y = self._dense(x, f"{key}attention.self.{part}", tuned, drop)
                return tf.transpose(tf.reshape(y, (tf.shape(y)[0], -1, 12, 32)), (0, 2, 1, 3))

            scores = tf.matmul(split("query"), split("key"), transpose_b=True) / np.sqrt(32.0)
            mixed = tf.matmul(tf.nn.softmax(scores + bias), split("value"))
            mixed = tf.reshape(tf.transpose(mixed, (0, 2, 1, 3)), (tf.shape(x)[0], -1, 384))
            mixed = self._dense(mixed, f"{key}attention.output.dense", tuned, drop)
            x = self._norm(x + mixed, f"{key}attention.output.LayerNorm")
            inner = tf.nn.gelu(self._dense(x, f"{key}intermediate.dense", tuned, drop))
            inner = self._dense(inner, f"{key}output.dense", tuned, drop)
            x = self._norm(x + inner, f"{key}output.LayerNorm")
        pooled = tf.reduce_sum(x * mask[:, :, None], 1) / tf.reduce_sum(mask, 1, keepdims=True)
        return tf.math.l2_normalize(pooled, -1)


@dataclass
class Work:
    """Every text once, and for each task its class there, or -1."""

    texts: list[str]
    labels: Numbers
    plain: Numbers  # the vectors before tuning
    tasks: list[Task]


def gather(model: TunedModel, made: list[Task]) -> Work:
    """Join the tasks over their texts, and encode each text as it is before tuning."""
    texts = list(dict.fromkeys(text for task in made for text in task.texts))
    at = {text: row for row, text in enumerate(texts)}
    labels = np.full((len(texts), len(made)), -1, np.int32)
    for t, task in enumerate(made):
        labels[[at[x] for x in task.texts], t] = task.labels
    plain = np.zeros((len(texts), 384), np.float32)
    order = sorted(at.values(), key=lambda row: len(texts[row]))
    for start in range(0, len(order), 128):
        rows = order[start : start + 128]
        plain[rows] = model.encode(*model.ids([texts[r] for r in rows]), tuned=False).numpy()
    return Work(texts, labels, plain, made)


def _first_head(work: Work, t: int) -> Any:
    """One column a class: the mean of its texts' vectors before tuning."""
    labels = work.labels[:, t]
    means = np.stack([work.plain[labels == c].mean(0) for c in range(len(work.tasks[t].names))])
    means /= np.linalg.norm(means, axis=1, keepdims=True)
    return tf.Variable(means.T.astype(np.float32))


def batches(work: Work, chance: random.Random) -> list[list[int]]:
    """Rows of all texts in batches of like length, in a new order."""
    rows = list(range(len(work.texts)))
    chance.shuffle(rows)
    rows.sort(key=lambda r: len(work.texts[r]) // 16)
    made = [rows[i : i + BATCH] for i in range(0, len(rows), BATCH)]
    chance.shuffle(made)
    return made


def train(model: TunedModel, work: Work, passes: int, seed: int) -> None:
    """Fits the corrections; prints the loss of each pass."""
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    heads = [_first_head(work, t) for t in range(len(work.tasks))]
    weights = [task.weight for task in work.tasks]
    corrections = [*model.down.values(), *model.up.values()]
    variables = [*corrections, *heads]
    steps = passes * -(-len(work.texts) // BATCH)
    rate = tf.keras.optimizers.schedules.PolynomialDecay(1e-3, steps, 5e-5)
    optimizer = tf.keras.optimizers.legacy.Adam(rate)

    @tf.function(reduce_retracing=True)  # type: ignore[untyped-decorator]
    def step(ids: Any, mask: Any, stay: Any, labels: Any) -> Any:
        with tf.GradientTape() as tape:
            vectors = model.encode(ids, mask, drop=0.1)
            losses = []
            for t, head in enumerate(heads):
                known = tf.cast(labels[:, t] >= 0, tf.float32)
                logits = tf.matmul(vectors, tf.math.l2_normalize(head, 0)) * 16.0
                count = head.shape[1]
                aims = tf.one_hot(labels[:, t], count) * 0.9 + 0.1 / count
                each = tf.nn.softmax_cross_entropy_with_logits(aims, logits) * known
                losses.append(tf.reduce_sum(each) / tf.maximum(tf.reduce_sum(known), 1.0))
            apart = 1.0 - tf.reduce_mean(tf.reduce_sum(vectors * stay, 1))
            total = tf.add_n([w * one for w, one in zip(weights, losses)]) + 0.5 * apart  # noqa: B905
        pairs = list(zip(tape.gradient(total, variables), variables))  # noqa: B905 - autograph's
        optimizer.apply_gradients(pairs)
        return tf.stack(losses)

    # Every variable's slots must exist before the first traced step.
    optimizer.apply_gradients([(tf.zeros_like(v), v) for v in variables])
    for number in range(passes):
        began, losses = time.monotonic(), []
        for done, rows in enumerate(batches(work, chance)):
            texts = [work.texts[r] for r in rows]
            typed = [misspell(x, chance) if chance.random() < 0.3 else x for x in texts]
            given = (*model.ids(typed), work.plain[rows], work.labels[rows])
            losses.append(step(*map(tf.constant, given)).numpy())
            if done % 40 == 39:
                print(f"  {done + 1} batches ({time.monotonic() - began:.0f} s)", flush=True)
        means = np.mean(losses, axis=0)
        shown = ", ".join(f"{t.name} {m:.3f}" for t, m in zip(work.tasks, means, strict=True))
        print(f"pass {number + 1}/{passes}: {shown} ({time.monotonic() - began:.0f} s)", flush=True)


def write_vectors(texts: list[str], path: Path) -> None:
    """Keep the tuned vectors of all texts, so that training need not compute them anew."""
    vectors = Embedder().encode_once(texts).astype(np.float16)
    keys = np.frombuffer(b"".join(text_key(t) for t in texts), dtype=np.uint64)
    np.savez_compressed(path, keys=keys, vectors=vectors)


def main() -> None:
    """Learn, and write the corrections in half precision."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--passes", type=int, default=4)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--output", type=Path, default=adapter_path())
    parser.add_argument(
        "--vectors", action="store_true", help="only embed what is new since the last tuning"
    )
    args = parser.parse_args()
    tf.random.set_seed(args.seed)
    work = tasks()
    if args.vectors:
        write_vectors(list(dict.fromkeys(t for task in work for t in task.texts)), vectors_path())
        return
    print(", ".join(f"{t.name}: {len(t.texts)} texts, {len(t.names)} classes" for t in work))
    model = TunedModel(args.seed)
    joined = gather(model, work)
    train(model, joined, args.passes, args.seed)
    packed = {f"down:{k}": v.numpy().astype(np.float16) for k, v in model.down.items()}
    packed |= {f"up:{k}": v.numpy().astype(np.float16) for k, v in model.up.items()}
    digest = np.frombuffer(texts_digest(t for task in work for t in task.texts).encode(), np.uint8)
    np.savez_compressed(args.output, texts=digest, **packed)
    print(f"written {args.output} ({args.output.stat().st_size / 1e6:.1f} MB)")
    if args.output == adapter_path():
        vectors_path().unlink(missing_ok=True)  # they are of the embedding before
        measure()
        write_vectors(joined.texts, vectors_path())


if __name__ == "__main__":
    main()
