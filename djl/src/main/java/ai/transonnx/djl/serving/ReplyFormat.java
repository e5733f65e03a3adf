package ai.transonnx.djl.serving;

import ai.transonnx.runtime.generation.Generation;
import java.util.List;

/** The text of responses to a {@link GenerationBody}. For one response. */
interface ReplyFormat {
  /** The format of a request's schema. */
  static ReplyFormat of(GenerationBody body) {
    return switch (body.schema()) {
      case INPUTS -> new TokenLines(body);
      case PROMPT -> new CompletionEvents(body);
    };
  }

  /** The type of the content. */
  String contentType();

  /** A whole response. */
  String whole(List<ReplyRow> rows, List<Generation> results);

  /** The part of a stream for the text of a row that has become certain; may be empty. */
  String part(ReplyRow row, String text);

  /** The last part of a row. */
  String lastPart(ReplyRow row, Generation result);

  /** The end of a stream after the last parts of all rows; may be empty. */
  String end();

  /** The end of a stream that failed after its begin. */
  String failure(String message);
}
