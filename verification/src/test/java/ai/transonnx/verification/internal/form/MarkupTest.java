package ai.transonnx.verification.internal.form;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class MarkupTest {
  @Test
  void textsAndAttributesAreEscaped() {
    var markup = new Markup().open("a").attribute("b", "\"<'>&\n").text("</a>\n'\"").close();
    assertEquals(
        "<a b=\"&quot;&lt;&#39;&gt;&amp;&#10;\">&lt;/a&gt;\n&#39;&quot;</a>", markup.toString());
  }

  @Test
  void charactersThatNoReaderSeesAreQuestionMarks() {
    var markup = new Markup().element("a", "\u0000\u202e\ud800\ufffe\u2028x");
    assertEquals("<a>?????x</a>", markup.toString());
  }

  @Test
  void longTextsAreCut() {
    var markup = new Markup().element("a", "x".repeat(1_000_000)).toString();
    assertTrue(markup.length() < 10_000 && markup.endsWith("x...</a>"));
  }

  @Test
  void anEmptyElementMayHaveAnEndTag() {
    assertEquals("<a/><b></b>", new Markup().open("a").close().open("b").closeTag().toString());
  }

  @Test
  void openElementsAreRefused() {
    var markup = new Markup().open("a");
    assertThrows(IllegalStateException.class, markup::toString);
    assertThrows(IllegalStateException.class, () -> markup.text("x").attribute("b", "c"));
  }
}
