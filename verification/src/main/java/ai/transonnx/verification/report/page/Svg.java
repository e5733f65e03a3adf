package ai.transonnx.verification.report.page;

import ai.transonnx.verification.internal.form.Markup;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A drawing as wide as its column: horizontal positions are shares from 0 to 1, vertical ones are
 * pixels, so that texts and marks keep their size. For one thread.
 */
final class Svg {
  private final Markup html;

  /**
   * Begins a drawing.
   *
   * @param description for readers who do not see it; null if the text beside it says the same
   */
  Svg(Markup html, String classes, int height, @Nullable String description) {
    this.html = html;
    html.open("svg", classes).attribute("height", Integer.toString(height));
    html.attribute("width", "100%");
    if (description == null) {
      html.attribute("aria-hidden", "true");
    } else {
      html.attribute("role", "img").attribute("aria-label", description);
    }
  }

  /** A line between two points. */
  Svg line(String classes, double x1, double y1, double x2, double y2) {
    html.open("line", classes).attribute("x1", share(x1)).attribute("y1", pixels(y1));
    html.attribute("x2", share(x2)).attribute("y2", pixels(y2)).close();
    return this;
  }

  /** A rectangle. */
  Svg area(String classes, double x, double y, double width, double height) {
    html.open("rect", classes).attribute("x", share(x)).attribute("y", pixels(y));
    html.attribute("width", share(width)).attribute("height", pixels(height)).close();
    return this;
  }

  /** A text whose start, middle or end is at a point, as the class says. */
  Svg text(String classes, double x, double y, String text) {
    html.open("text", classes).attribute("x", share(x)).attribute("y", pixels(y));
    html.text(text).closeTag();
    return this;
  }

  /** A disc, which is the mark of a value within its tolerance. */
  Svg disc(String classes, double x, double y, double radius) {
    html.open("circle", classes).attribute("cx", share(x)).attribute("cy", pixels(y));
    html.attribute("r", pixels(radius)).close();
    return this;
  }

  /** A diamond, which is the mark of a value outside of its tolerance. */
  Svg diamond(String classes, double x, double y, double radius) {
    var size = pixels(radius);
    return path(classes, x, y, "M-%1$s 0L0-%1$sL%1$s 0L0 %1$sZ".formatted(size));
  }

  /** A triangle that points down, which is the mark of the first such value. */
  Svg pointer(String classes, double x, double y) {
    return path(classes, x, y, "M-7-11L7-11L0 0Z");
  }

  private Svg path(String classes, double x, double y, String path) {
    html.open("svg", "at").attribute("x", share(x)).attribute("y", pixels(y));
    html.open("path", classes).attribute("d", path).close().close();
    return this;
  }

  /** Ends the drawing. */
  void end() {
    html.closeTag();
  }

  private static String share(double value) {
    return shortly(100 * value) + "%";
  }

  private static String pixels(double value) {
    return shortly(value);
  }

  private static String shortly(double value) {
    var text = String.format(Locale.ROOT, "%.2f", value);
    return text.replaceFirst("\\.?0+$", "");
  }
}
