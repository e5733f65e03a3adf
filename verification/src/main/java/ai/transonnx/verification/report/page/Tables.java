package ai.transonnx.verification.report.page;

import ai.transonnx.verification.internal.form.Markup;
import java.util.List;

/** Parts of tables that programs which read them aloud need. Has no state. */
final class Tables {
  private Tables() {}

  /**
   * A part of the page that scrolls by itself if its content is too wide, or too high.
   *
   * @param label for readers who reach it with the keyboard
   */
  static void scroll(Markup html, String classes, String label, Runnable content) {
    html.open("div", classes).attribute("role", "region").attribute("tabindex", "0");
    html.attribute("aria-label", label).line();
    content.run();
    html.closeTag().line();
  }

  /** Begins a table that only programs show the caption of, because a heading says the same. */
  static void open(Markup html, String classes, String caption) {
    html.open("table", classes).element("caption", "hidden", caption);
  }

  /** The first row. */
  static void head(Markup html, List<String> titles) {
    html.open("thead").open("tr");
    for (var title : titles) {
      html.open("th").attribute("scope", "col").text(title).closeTag();
    }
    html.closeTag().closeTag().line();
  }

  /** The first cell of a row. */
  static void rowHeader(Markup html, String title) {
    html.open("th").attribute("scope", "row");
    Words.writeCode(html, "plain", Words.name(title));
    html.closeTag();
  }
}
