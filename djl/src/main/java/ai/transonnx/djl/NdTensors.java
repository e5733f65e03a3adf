package ai.transonnx.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.transonnx.format.ElementType;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Converts between this project's tensors and DJL's arrays. The elements are copied. */
public final class NdTensors {
  private NdTensors() {}

  /**
   * An array with the elements of a tensor.
   *
   * @throws RequestException if DJL's engine does not support the element type
   */
  public static NDArray toArray(NDManager manager, String name, Tensor tensor) {
    ByteBuffer elements = tensor.data();
    var copy = ByteBuffer.allocateDirect(elements.remaining()).order(ByteOrder.nativeOrder());
    copy.put(elements).flip();
    var array = manager.create(copy, new Shape(tensor.shape()), type(tensor.type()));
    array.setName(name);
    return array;
  }

  /**
   * A tensor with the elements of an array.
   *
   * @throws RequestException if no model supports the element type
   */
  public static Tensor toTensor(NDArray array) {
    ByteBuffer elements = array.toByteBuffer();
    return Tensor.of(type(array.getDataType()), elements, array.getShape().getShape());
  }

  /**
   * The output of a call with a name.
   *
   * @throws RequestException if there is none
   */
  static NDArray find(NDList outputs, String name) {
    return outputs.stream()
        .filter(array -> name.equals(array.getName()))
        .findFirst()
        .orElseThrow(
            () ->
                new RequestException(
                    "the model has no output '%s'; it returned %s"
                        .formatted(name, outputs.stream().map(NDArray::getName).toList())));
  }

  private static DataType type(ElementType type) {
    return switch (type) {
      case FLOAT32 -> DataType.FLOAT32;
      case FLOAT64 -> DataType.FLOAT64;
      case FLOAT16 -> DataType.FLOAT16;
      case BFLOAT16 -> DataType.BFLOAT16;
      case INT8 -> DataType.INT8;
      case UINT8 -> DataType.UINT8;
      case INT32 -> DataType.INT32;
      case INT64 -> DataType.INT64;
      case BOOL -> DataType.BOOLEAN;
      case INT4, INT16, UINT16, UINT32, UINT64 ->
          throw new RequestException("DJL's engine does not support arrays of " + type);
    };
  }

  private static ElementType type(DataType type) {
    return switch (type) {
      case FLOAT32 -> ElementType.FLOAT32;
      case FLOAT64 -> ElementType.FLOAT64;
      case FLOAT16 -> ElementType.FLOAT16;
      case BFLOAT16 -> ElementType.BFLOAT16;
      case INT8 -> ElementType.INT8;
      case UINT8 -> ElementType.UINT8;
      case INT32 -> ElementType.INT32;
      case INT64 -> ElementType.INT64;
      case BOOLEAN -> ElementType.BOOL;
      default -> throw new RequestException("models do not support arrays of " + type);
    };
  }
}
