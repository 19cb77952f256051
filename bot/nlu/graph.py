"""The transformer of the embedding as a graph of ONNX, run by ONNX Runtime.

See docs/adr/0009 for what NumPy's version of it cost, and 0011 for its whole numbers.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import numpy as np
from onnx import ModelProto, NodeProto, TensorProto, helper
from onnxruntime import InferenceSession, OrtValue, SessionOptions  # type: ignore[import-untyped]

from bot.nlu.eighths import Range, eighths
from bot.settings import embedding_threads

_FUSED = "com.microsoft"  # the operators that ONNX Runtime adds to the standard's
_EPSILON = 1e-12
# Both of 2023, so that any ONNX Runtime of today reads them.
_IR, _OPSET = 8, 14


class _Layers:
    """Collects nodes and weights, layer by layer."""

    def __init__(self, weights: dict[str, Any], heads: int, ranges: Mapping[str, Range]) -> None:
        self._weights, self._heads, self._ranges = weights, heads, ranges
        self.nodes: list[NodeProto] = []
        self.constants: list[TensorProto] = []

    def _constant(self, name: str) -> str:
        values = np.asarray(self._weights[name])
        constant = TensorProto(
            name=name,
            data_type=helper.np_dtype_to_tensor_dtype(values.dtype),
            dims=values.shape,
            data_location=TensorProto.EXTERNAL,
        )
        constant.external_data.add(key="location", value="memory")
        self.constants.append(constant)
        return name

    def _made(self, name: str, values: Any) -> str:
        self._weights[name] = np.ascontiguousarray(values).reshape(np.shape(values))
        return self._constant(name)

    def _node(self, kind: str, takes: list[str], gives: str) -> str:
        self.nodes.append(helper.make_node(kind, takes, [gives]))
        return gives

    def _fused(self, kind: str, takes: list[str], gives: str, **settings: Any) -> str:
        self.nodes.append(helper.make_node(kind, takes, [gives], domain=_FUSED, **settings))
        return gives

    def _in_eighths(self, x: str, name: str) -> list[str]:
        """Whole numbers of `x`, the matrix, and their steps and zeros, as the operators for
        whole numbers take them."""
        made = eighths(self._weights[f"{name}.weight"], self._ranges[name])
        shrink = self._made(f"{name}.shrink", made.shrink)
        step, zero = self._made(f"{name}.step", made.step), self._made(f"{name}.zero", made.zero)
        x = self._node("Mul", [x, shrink], f"{name}.shrunk")
        x = self._node("QuantizeLinear", [x, step, zero], f"{name}.whole")
        weight = self._made(f"{name}.eighths", made.weight)
        weight_step = self._made(f"{name}.weight_step", made.weight_step)
        none = self._made(f"{name}.weight_zero", np.int8(0))
        return [x, weight, step, weight_step, zero, none]

    def _product(self, x: str, name: str) -> str:
        if name not in self._ranges:
            return self._node("MatMul", [x, self._constant(f"{name}.weight")], f"{name}.product")
        takes = self._in_eighths(x, name)
        return self._fused("MatMulIntegerToFloat", takes, f"{name}.product")

    def _joined(self, new: str, old: str, dense: str, norm: str) -> str:
        names = [f"{norm}.weight", f"{norm}.bias", f"{dense}.bias"]
        constants = [self._constant(n) for n in names]
        takes = [new, old, *constants]
        return self._fused("SkipLayerNormalization", takes, f"{norm}.out", epsilon=_EPSILON)

    def _attention(self, x: str, name: str) -> str:
        """Query, key and value side by side, as the fused operator takes them."""
        for kind in ("weight", "bias"):
            parts = [self._weights[f"{name}.{p}.{kind}"] for p in ("query", "key", "value")]
            self._weights[f"{name}.all.{kind}"] = np.concatenate(parts, axis=-1)
        bias, gives = self._constant(f"{name}.all.bias"), f"{name}.seen"
        if f"{name}.all" not in self._ranges:
            takes = [x, self._constant(f"{name}.all.weight"), bias, "mask"]
            return self._fused("Attention", takes, gives, num_heads=self._heads)
        x, weight, step, weight_step, zero, none = self._in_eighths(x, f"{name}.all")
        takes = [x, weight, bias, step, weight_step, "mask", zero, none]
        return self._fused("QAttention", takes, gives, num_heads=self._heads)

    def add(self, x: str, layer: int) -> str:
        """The layer's nodes; returns what it gives."""
        name = f"encoder.layer.{layer}"
        seen = self._attention(x, f"{name}.attention.self")
        dense = f"{name}.attention.output.dense"
        x = self._joined(self._product(seen, dense), x, dense, f"{name}.attention.output.LayerNorm")
        dense = f"{name}.intermediate.dense"
        product = self._product(x, dense)
        wide = self._fused("BiasGelu", [product, self._constant(f"{dense}.bias")], f"{name}.wide")
        dense = f"{name}.output.dense"
        return self._joined(self._product(wide, dense), x, dense, f"{name}.output.LayerNorm")


def transformer(
    weights: dict[str, Any],
    layers: range,
    heads: int,
    ranges: Mapping[str, Range] | None = None,
) -> ModelProto:
    """These layers as one graph: `tokens` (1, n, width) and `mask` (1, n, n) to `out`.

    `weights` are named as BERT's and lie input by output; what the graph needs beside them is
    added.  A token takes from those alone that its row of `mask` has a 1 for, so that several
    texts can lie side by side.  Products of which `ranges` knows, by the name of their weight,
    how far they reach are done in whole numbers.
    """
    graph = _Layers(weights, heads, ranges or {})
    out = "tokens"
    for layer in layers:
        out = graph.add(out, layer)
    width = weights[f"encoder.layer.{layers[0]}.output.dense.bias"].shape[0]
    made = helper.make_graph(
        graph.nodes,
        "transformer",
        [
            helper.make_tensor_value_info("tokens", TensorProto.FLOAT, [1, "n", width]),
            helper.make_tensor_value_info("mask", TensorProto.INT32, [1, "n", "n"]),
        ],
        [helper.make_tensor_value_info(out, TensorProto.FLOAT, [1, "n", width])],
        graph.constants,
    )
    opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_FUSED, 1)]
    return helper.make_model(made, ir_version=_IR, opset_imports=opsets)


def session(
    model: ModelProto, weights: dict[str, Any], threads: int | None = None
) -> InferenceSession:
    """Ready to run the graph; `threads` as `BOT_EMBEDDING_THREADS` has it if None, else 1."""
    options = SessionOptions()
    options.intra_op_num_threads = threads or embedding_threads(os.environ)
    options.inter_op_num_threads = 1
    # Threads that spin would take the core of the action server.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    names = [constant.name for constant in model.graph.initializer]
    options.add_external_initializers(
        names, [OrtValue.ortvalue_from_numpy(np.asarray(weights[name])) for name in names]
    )
    options.log_severity_level = 3
    return InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
