package ai.transonnx.djl.serving;

import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import ai.transonnx.djl.serving.CalledAnswers.Items;
import ai.transonnx.runtime.RequestException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import javax.imageio.ImageIO;

/** Reads the image of a request: its body is a file such as PNG or JPEG. */
final class ImageContent {
  private static final long MAX_PIXELS = 64L << 20;

  private ImageContent() {}

  /**
   * Reads a body.
   *
   * @throws RequestException if it is no image, or a very large one
   */
  static Items<Image> read(RequestContent content) {
    try {
      check(content.bytes());
      var image =
          ImageFactory.getInstance().fromInputStream(new ByteArrayInputStream(content.bytes()));
      return new Items<>(List.of(image), false);
    } catch (IOException | RuntimeException e) {
      throw e instanceof RequestException refused ? refused : unreadable();
    }
  }

  /** A small file may have an image of any size. */
  private static void check(byte[] bytes) throws IOException {
    try (var stream = ImageIO.createImageInputStream(new ByteArrayInputStream(bytes))) {
      var readers = ImageIO.getImageReaders(stream);
      if (!readers.hasNext()) {
        throw unreadable();
      }
      var reader = readers.next();
      try {
        reader.setInput(stream, true, true);
        long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
        if (pixels > MAX_PIXELS) {
          throw new RequestException(
              "the image has %s pixels; at most %s are possible".formatted(pixels, MAX_PIXELS));
        }
      } finally {
        reader.dispose();
      }
    }
  }

  private static RequestException unreadable() {
    return new RequestException("the body is not an image that can be read, such as PNG or JPEG");
  }
}
