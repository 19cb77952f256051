"""How near vectors are to thousands of kept ones, in whole numbers of eight bits.

The kept vectors are read from memory for every message, and that is what it takes its time
for: a quarter of the bytes is half the time, of several pieces a fifth.  A cosine comes out
0.001 off at most times, 0.01 at worst (docs/adr/0011).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from onnx import TensorProto, helper, numpy_helper
from onnxruntime import InferenceSession, SessionOptions  # type: ignore[import-untyped]

from bot.nlu.eighths import MOST

Numbers = npt.NDArray[np.float32]


class Nearness:
    """The products of vectors with the `kept` ones; all of both of length one."""

    def __init__(self, kept: Numbers) -> None:
        """`kept`: one row a vector; none is allowed."""
        self.count = len(kept)
        self._session = _session(kept) if self.count else None

    def of(self, vectors: Numbers) -> Numbers:
        """One row a vector, one column a kept one."""
        if self._session is None or not len(vectors):
            return np.zeros((len(vectors), self.count), np.float32)
        (out,) = self._session.run(None, {"vectors": np.ascontiguousarray(vectors, np.float32)})
        products: Numbers = out
        return products


def _session(kept: Numbers) -> InferenceSession:
    steps = np.maximum(np.abs(kept).max(axis=1) / MOST, 1e-12).astype(np.float32)
    whole = np.round(kept / steps[:, None]).astype(np.int8).T
    constants = [
        numpy_helper.from_array(np.ascontiguousarray(whole), "kept"),
        numpy_helper.from_array(steps, "steps"),
        numpy_helper.from_array(np.array(0, np.int8), "zero_kept"),
    ]
    asked = ["whole", "step", "zero"]
    product = ["whole", "kept", "step", "steps", "zero", "zero_kept"]
    graph = helper.make_graph(
        [
            helper.make_node("DynamicQuantizeLinear", ["vectors"], asked),
            helper.make_node("MatMulIntegerToFloat", product, ["near"], domain="com.microsoft"),
        ],
        "nearness",
        [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["n", kept.shape[1]])],
        [helper.make_tensor_value_info("near", TensorProto.FLOAT, ["n", len(kept)])],
        constants,
    )
    opsets = [helper.make_opsetid("", 14), helper.make_opsetid("com.microsoft", 1)]
    model = helper.make_model(graph, ir_version=8, opset_imports=opsets)
    options = SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    return InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
