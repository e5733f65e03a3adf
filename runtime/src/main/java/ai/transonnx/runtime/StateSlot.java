package ai.transonnx.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtSession;
import ai.transonnx.format.StateTensor;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The native memory of one state tensor. The tensor that one call returns is the input of the next,
 * without a copy in Java. The one that it replaces is freed at once, unless it belongs to a
 * {@linkplain #checkpoint checkpoint}, or the state has one size: then the next call writes to it,
 * because a tensor that ONNX Runtime's Java API creates costs several microseconds. A buffer with
 * room for a call is written in place.
 */
final class StateSlot implements AutoCloseable {
  private final StateTensor pair;
  // Created once, because a loop may be reset.
  private final OnnxTensor first;
  private OnnxTensor current;
  // Has the shape of the current tensor; a call may write to it.
  private @Nullable OnnxTensor spare;
  // The native tensor over reserved memory, and the same memory in Java.
  private @Nullable OnnxTensor reservedNative;
  private @Nullable Tensor reserved;
  // The checkpoint, which calls must not change.
  private @Nullable OnnxTensor kept;

  /**
   * @param first the initial value, which this closes
   */
  StateSlot(StateTensor pair, OnnxTensor first) {
    this.pair = pair;
    this.first = first;
    this.current = first;
  }

  StateTensor pair() {
    return pair;
  }

  /** Makes reserved memory the current tensor. */
  void startIn(Tensor memory, OnnxTensor over) {
    reserved = memory;
    reservedNative = over;
    replace(over);
  }

  /** Whether the current tensor is in reserved memory. */
  boolean isReserved() {
    return reservedNative == current;
  }

  /**
   * Adds the state to a call's inputs, and the next state to its outputs: the one that ONNX Runtime
   * allocates, or the one that is written in place.
   *
   * @param used the number of buffer slots in use after the call
   * @param isFirst whether the call starts from the initial value
   */
  void bind(
      Map<String, OnnxTensor> inputs,
      Set<String> outputs,
      Map<String, OnnxTensor> pinned,
      long used,
      boolean isFirst) {
    var tensor = isFirst ? first : current;
    inputs.put(pair.input(), tensor);
    var target = tensor != first && isInPlace(used) ? tensor : spare;
    if (target == null) {
      pinned.remove(pair.output());
      outputs.add(pair.output());
    } else {
      outputs.remove(pair.output());
      pinned.put(pair.output(), target);
    }
  }

  /** Whether a call may write the tensor to the memory that it reads it from. */
  private boolean isInPlace(long used) {
    return switch (pair.role()) {
      case CONTEXT -> true;
      case GROUP -> !isKept();
      case BUFFER, RING -> !isKept() && hasRoom(used);
      case RECURRENT, MEMORY, COUNTER, WINDOW -> false;
    };
  }

  /** Whether the tensor is a buffer that the call returns in the same shape. */
  private boolean hasRoom(long used) {
    int axis = pair.growingAxis();
    return axis < 0 || used <= shape()[axis];
  }

  /** Stores the next state from a call's result. */
  void accept(OrtSession.Result result, Set<String> allocated) {
    var written = spare;
    if (allocated.contains(pair.output())) {
      replace((OnnxTensor) result.get(pair.output()).orElseThrow());
    } else if (written != null) {
      spare = null;
      replace(written);
    }
  }

  /** Continues from a tensor, which this closes. */
  void replace(OnnxTensor tensor) {
    if (current != tensor && !isKept()) {
      release(current);
    }
    current = tensor;
  }

  /** Returns to the initial value. */
  void reset() {
    replace(first);
  }

  /** Keeps a tensor that is no longer needed for a later call, or frees it. */
  private void release(OnnxTensor tensor) {
    if (tensor == first) {
      return;
    }
    if (hasOneSize() && spare == null) {
      spare = tensor;
    } else {
      tensor.close();
    }
  }

  private boolean hasOneSize() {
    return switch (pair.role()) {
      case RECURRENT, COUNTER, WINDOW -> true;
      case MEMORY, BUFFER, RING, GROUP, CONTEXT -> false;
    };
  }

  /**
   * Keeps the current tensor until {@link #commit} or {@link #rollback}; no effect if one is kept.
   */
  void checkpoint() {
    if (kept == null) {
      kept = current;
    }
  }

  private boolean isKept() {
    return kept == current;
  }

  /** Returns to the checkpoint, if there is one. */
  void rollback() {
    if (kept != null) {
      replace(kept);
      kept = null;
    }
  }

  /** Drops the checkpoint. */
  void commit() {
    if (kept != null && kept != current) {
      release(kept);
    }
    kept = null;
  }

  long[] shape() {
    return current.getInfo().getShape();
  }

  /** The size of the tensor, in bytes. */
  long bytes() {
    return current.getInfo().getNumElements() * pair.type().bytes();
  }

  /** A copy of the tensor. */
  Tensor copy() {
    return isReserved() && reserved != null ? copy(reserved) : nativeCopy();
  }

  /** The tensor, to be read before the next call: reserved memory itself, or a copy. */
  Tensor read() {
    return isReserved() && reserved != null ? reserved : nativeCopy();
  }

  /** A copy by ONNX Runtime, wherever the tensor is. */
  Tensor nativeCopy() {
    return NativeTensors.copy(pair.input(), current);
  }

  /** A copy in direct memory. */
  static Tensor copy(Tensor tensor) {
    var own = ByteBuffer.allocateDirect(tensor.data().remaining()).put(tensor.data()).flip();
    return Tensor.of(tensor.type(), own, tensor.shape());
  }

  @Override
  public void close() {
    rollback();
    reset();
    first.close();
    if (spare != null) {
      spare.close();
    }
  }
}
