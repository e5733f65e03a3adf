package ai.transonnx.verification.internal.form;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;

/**
 * Begins a line for each field of an object, except in objects that are nested deeper than a limit:
 * each of those is on one line, because there are many of them. Threads may share it.
 *
 * @param deepest the depth of the innermost objects with lines; the outermost has depth 1
 */
public record ShallowIndenter(int deepest) implements DefaultPrettyPrinter.Indenter {
  @Override
  public void writeIndentation(JsonGenerator json, int level) throws IOException {
    json.writeRaw(level > deepest ? " " : "\n" + " ".repeat(level));
  }

  @Override
  public boolean isInline() {
    return false;
  }
}
