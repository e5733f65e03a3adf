package ai.transonnx.djl;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.djl.modality.Classifications;
import ai.djl.modality.cv.Image;
import ai.djl.ndarray.NDList;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslateException;
import ai.djl.translate.TranslatorContext;
import ai.transonnx.djl.internal.Arguments;
import ai.transonnx.format.internal.file.FileErrors;
import ai.transonnx.format.internal.file.PlainFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Classifies images. The class names are the lines of {@code synset.txt}, or the class numbers if
 * there is no such file.
 */
final class ClassificationTranslator implements NoBatchifyTranslator<Image, Classifications> {
  private final ImagePixels pixels;
  private final List<String> names;

  ClassificationTranslator(ModelDescription model, Arguments arguments) throws TranslateException {
    this.pixels = ImagePixels.of(model, arguments);
    var named = arguments.text("synset").map(Path::of);
    Path file = named.orElse(model.folder().resolve("synset.txt"));
    this.names = named.isPresent() || Files.exists(file) ? lines(file) : List.of();
  }

  private static List<String> lines(Path file) throws TranslateException {
    try (var content = PlainFile.stream(file)) {
      return new String(content.readAllBytes(), UTF_8).lines().toList();
    } catch (IOException e) {
      throw new TranslateException(
          "%s: the class names cannot be read: %s".formatted(file, FileErrors.unreadable(e)), e);
    }
  }

  @Override
  public NDList processInput(TranslatorContext context, Image image) {
    return pixels.inputs(context, image);
  }

  @Override
  public Classifications processOutput(TranslatorContext context, NDList outputs)
      throws TranslateException {
    float[] logits = NdTensors.toTensor(NdTensors.find(outputs, "logits")).floats();
    if (!names.isEmpty() && names.size() != logits.length) {
      throw new TranslateException(
          "synset.txt has %s class names, but the model has %s classes"
              .formatted(names.size(), logits.length));
    }
    var classes =
        names.isEmpty()
            ? IntStream.range(0, logits.length).mapToObj(Integer::toString).toList()
            : names;
    return new Classifications(classes, softmax(logits));
  }

  private static List<Double> softmax(float[] logits) {
    double max = IntStream.range(0, logits.length).mapToDouble(i -> logits[i]).max().orElseThrow();
    double sum = 0;
    var probabilities = new ArrayList<Double>();
    for (float logit : logits) {
      double weight = Math.exp(logit - max);
      probabilities.add(weight);
      sum += weight;
    }
    double all = sum;
    probabilities.replaceAll(weight -> weight / all);
    return probabilities;
  }
}
