package ai.transonnx.djl;

import ai.djl.modality.cv.Image;
import ai.djl.ndarray.NDList;
import ai.djl.translate.TranslateException;
import ai.djl.translate.TranslatorContext;
import ai.transonnx.djl.internal.Arguments;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/**
 * Converts images to a model's input, float32 [1, channels, height, width]: resizes them, without
 * keeping the aspect ratio, scales values to 0 to 1, and normalizes each channel with its mean and
 * standard deviation.
 *
 * @param size the height and width in pixels
 * @param channels 3 (red, green, blue) or 1 (grey)
 */
record ImagePixels(int size, int channels, List<Float> mean, List<Float> deviation) {
  /**
   * The conversion for a model, with the arguments {@code mean} and {@code std}: a number for each
   * channel, comma-separated; 0 and 1 by default.
   *
   * @throws TranslateException if the model's images do not have 1 or 3 channels
   */
  static ImagePixels of(ModelDescription model, Arguments arguments) throws TranslateException {
    int size = model.config().path("image_size").asInt();
    int channels = model.config().path("channels").asInt(3);
    if (size < 1 || (channels != 1 && channels != 3)) {
      throw new TranslateException(
          "the model's images have size %s and %s channels; supported are 1 and 3 channels"
              .formatted(size, channels));
    }
    return new ImagePixels(
        size,
        channels,
        numbers(arguments, "mean", channels, 0),
        numbers(arguments, "std", channels, 1));
  }

  private static List<Float> numbers(
      Arguments arguments, String name, int channels, float defaultValue) {
    var numbers = new ArrayList<>(Collections.nCopies(channels, defaultValue));
    String given = arguments.text(name).orElse("");
    if (!arguments.has(name)) {
      return numbers;
    }
    var parts = Stream.of(given.split(",")).map(String::strip).toList();
    try {
      for (int i = 0; i < channels && parts.size() == channels; i++) {
        numbers.set(i, Float.parseFloat(parts.get(i)));
      }
    } catch (NumberFormatException e) {
      parts = Stream.of("").toList();
    }
    if (parts.size() != channels || parts.contains("")) {
      throw new RequestException(
          "argument '%s' is '%s', not %s numbers separated by commas"
              .formatted(name, given, channels));
    }
    return numbers;
  }

  /** The inputs of a call with one image. */
  NDList inputs(TranslatorContext context, Image image) {
    var flag = channels == 1 ? Image.Flag.GRAYSCALE : Image.Flag.COLOR;
    var resized = image.resize(size, size, true);
    byte[] bytes = resized.toNDArray(context.getNDManager(), flag).toByteArray();
    int plane = size * size;
    var values = new float[channels * plane];
    for (int i = 0; i < plane; i++) {
      for (int c = 0; c < channels; c++) {
        float value = Byte.toUnsignedInt(bytes[i * channels + c]) / 255f;
        values[c * plane + i] = (value - mean.get(c)) / deviation.get(c);
      }
    }
    var tensor = Tensor.ofFloats(values, 1, channels, size, size);
    return new NDList(NdTensors.toArray(context.getNDManager(), ModelDescription.IMAGE, tensor));
  }
}
