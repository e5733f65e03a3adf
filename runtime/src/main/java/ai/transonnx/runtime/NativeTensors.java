package ai.transonnx.runtime;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.TensorInfo;
import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Converts between this package's tensors and ONNX Runtime's. */
final class NativeTensors {
  private NativeTensors() {}

  /** A native tensor over the buffer of {@code tensor} if it is direct, else over a copy. */
  static OnnxTensor wrap(OrtEnvironment environment, Tensor tensor) {
    return wrap(environment, tensor.type(), tensor.buffer(), tensor.shape());
  }

  /**
   * A native tensor over the remaining bytes of {@code data} if it is direct, else over a copy. It
   * keeps the buffer alive.
   */
  static OnnxTensor wrap(
      OrtEnvironment environment, ElementType type, ByteBuffer data, long... shape) {
    try {
      return OnnxTensor.createTensor(environment, direct(data), shape, javaType(type));
    } catch (OrtException e) {
      throw new RunException("a native tensor could not be created: " + NativeErrors.line(e), e);
    }
  }

  /** As {@link #wrap} for several tensors; if one fails, those before it are closed. */
  static OnnxTensor[] wrap(OrtEnvironment environment, List<Tensor> tensors) {
    var natives = new OnnxTensor[tensors.size()];
    int count = 0;
    try {
      for (var tensor : tensors) {
        natives[count] = wrap(environment, tensor);
        count++;
      }
      return natives;
    } catch (RuntimeException | Error e) {
      Arrays.stream(natives, 0, count).forEach(OnnxTensor::close);
      throw e;
    }
  }

  /** ONNX Runtime reads direct buffers only. */
  private static ByteBuffer direct(ByteBuffer data) {
    return data.isDirect()
        ? data
        : ByteBuffer.allocateDirect(data.remaining())
            .order(data.order())
            .put(data.duplicate())
            .flip();
  }

  /** A copy of the output {@code name}. */
  static Tensor copy(String name, OnnxValue value) {
    if (!(value instanceof OnnxTensor tensor)) {
      throw new RunException("output '" + name + "' is not a tensor");
    }
    TensorInfo info = tensor.getInfo();
    ElementType type = type(info).orElseThrow();
    if (info.getNumElements() > Integer.MAX_VALUE / type.bytes()) {
      throw new MemoryLimitException("output '" + name + "' is larger than 2 GiB: " + info);
    }
    return Tensor.of(type, tensor.getByteBuffer(), info.getShape());
  }

  /** The type and shape of an input or output; empty if it is not a tensor of a supported type. */
  static Optional<TensorSpec> spec(NodeInfo node) {
    if (!(node.getInfo() instanceof TensorInfo info)) {
      return Optional.empty();
    }
    return type(info).map(type -> new TensorSpec(node.getName(), type, dims(info)));
  }

  private static List<Dim> dims(TensorInfo info) {
    long[] shape = info.getShape();
    String[] names = info.getDimensionNames();
    var dims = new ArrayList<Dim>(shape.length);
    for (int axis = 0; axis < shape.length; axis++) {
      if (shape[axis] >= 0) {
        dims.add(Dim.of(shape[axis]));
      } else if (names[axis].isEmpty()) {
        dims.add(Dim.unknown());
      } else {
        dims.add(Dim.parse(names[axis]));
      }
    }
    return dims;
  }

  /**
   * ONNX Runtime's Java API has fewer types than ONNX: no unsigned ones of 16 bits or more, none of
   * 4 bits.
   */
  private static OnnxJavaType javaType(ElementType type) {
    return switch (type) {
      case FLOAT32 -> OnnxJavaType.FLOAT;
      case FLOAT64 -> OnnxJavaType.DOUBLE;
      case FLOAT16 -> OnnxJavaType.FLOAT16;
      case BFLOAT16 -> OnnxJavaType.BFLOAT16;
      case INT8 -> OnnxJavaType.INT8;
      case UINT8 -> OnnxJavaType.UINT8;
      case INT16 -> OnnxJavaType.INT16;
      case INT32 -> OnnxJavaType.INT32;
      case INT64 -> OnnxJavaType.INT64;
      case BOOL -> OnnxJavaType.BOOL;
      case INT4, UINT16, UINT32, UINT64 ->
          throw new TypeException("ONNX Runtime's Java API has no tensors of " + type);
    };
  }

  /** The types that {@link #javaType} maps. */
  private static Optional<ElementType> type(TensorInfo info) {
    return switch (info.onnxType) {
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT -> Optional.of(ElementType.FLOAT32);
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE -> Optional.of(ElementType.FLOAT64);
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16 -> Optional.of(ElementType.FLOAT16);
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_BFLOAT16 -> Optional.of(ElementType.BFLOAT16);
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT8 -> Optional.of(ElementType.INT8);
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8 -> Optional.of(ElementType.UINT8);
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT16 -> Optional.of(ElementType.INT16);
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32 -> Optional.of(ElementType.INT32);
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64 -> Optional.of(ElementType.INT64);
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL -> Optional.of(ElementType.BOOL);
      default -> Optional.empty();
    };
  }
}
