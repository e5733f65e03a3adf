package ai.transonnx.djl;

import ai.djl.modality.cv.Image;
import ai.djl.ndarray.NDList;
import ai.djl.translate.TranslateException;
import ai.djl.translate.TranslatorContext;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/**
 * Images as a model takes them: float32 [1, channels, height, width], resized to the model's side
 * without regard to their proportions, from 0 to 1, then less the mean and divided by the deviation
 * of each channel.
 *
 * @param channels 3: red, green, blue; 1: grey
 */
record ImagePixels(int side, int channels, List<Float> mean, List<Float> deviation) {
  /**
   * The pixels that a model takes, with the arguments {@code mean} and {@code std}: a number for
   * each channel, comma separated.
   *
   * @throws TranslateException if the model takes no images of 1 or 3 channels
   */
  static ImagePixels of(ModelDescription model, Arguments arguments) throws TranslateException {
    int side = model.config().path("image_size").asInt();
    int channels = model.config().path("channels").asInt(3);
    if (side < 1 || (channels != 1 && channels != 3)) {
      throw new TranslateException(
          "images of side %s and %s channels cannot be made of pictures".formatted(side, channels));
    }
    return new ImagePixels(
        side,
        channels,
        numbers(arguments, "mean", channels, 0),
        numbers(arguments, "std", channels, 1));
  }

  private static List<Float> numbers(Arguments arguments, String name, int channels, float usual) {
    var numbers = new ArrayList<>(Collections.nCopies(channels, usual));
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
          "argument '%s' is '%s', not %s numbers".formatted(name, given, channels));
    }
    return numbers;
  }

  /** The inputs of a call with one image. */
  NDList inputs(TranslatorContext context, Image image) {
    var flag = channels == 1 ? Image.Flag.GRAYSCALE : Image.Flag.COLOR;
    var resized = image.resize(side, side, true);
    byte[] bytes = resized.toNDArray(context.getNDManager(), flag).toByteArray();
    int plane = side * side;
    var values = new float[channels * plane];
    for (int i = 0; i < plane; i++) {
      for (int c = 0; c < channels; c++) {
        float value = Byte.toUnsignedInt(bytes[i * channels + c]) / 255f;
        values[c * plane + i] = (value - mean.get(c)) / deviation.get(c);
      }
    }
    var tensor = Tensor.ofFloats(values, 1, channels, side, side);
    return new NDList(NdTensors.toArray(context.getNDManager(), ModelDescription.IMAGE, tensor));
  }
}
