package ai.transonnx.format.internal.tokenizer;

import ai.transonnx.InputException;
import ai.transonnx.format.internal.Printable;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The tokens in a {@code tokenizer.json} of Hugging Face: those of its model, and the added ones.
 * Other parts of the file are not checked.
 *
 * @param size one more than the highest token
 * @param specialTokens the special tokens by text, in the order of the file
 */
public record TokenizerVocabulary(int size, Map<String, Long> specialTokens) {
  private static final int MAX_SIZE = 1 << 24;

  private static final JsonFactory JSON =
      new JsonFactoryBuilder()
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(64).maxNameLength(1 << 20).build())
          .build();

  public TokenizerVocabulary {
    specialTokens = Collections.unmodifiableMap(new LinkedHashMap<>(specialTokens));
  }

  /**
   * Reads the tokens of a file.
   *
   * @throws InputException if it is not a {@code tokenizer.json}; the message names the file and
   *     the field
   */
  public static TokenizerVocabulary of(Path file, byte[] content) {
    if (!isJsonObject(content)) {
      throw notJson(file, content);
    }
    try (var json = JSON.createParser(content)) {
      return new Reader(file, json).read();
    } catch (JsonProcessingException e) {
      throw new InputException(
          "%s: not a tokenizer.json: %s".formatted(file, Printable.of(e.getOriginalMessage())), e);
    } catch (IOException e) {
      throw new InputException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** Whether a file begins as a JSON object does. */
  public static boolean isJsonObject(byte[] content) {
    for (byte b : content) {
      if (!Character.isWhitespace(b)) {
        return b == '{';
      }
    }
    return false;
  }

  private static InputException notJson(Path file, byte[] content) {
    String advice = "Hugging Face's tokenizers write such files";
    if (content.length > 0 && content[0] == '\n') {
      advice =
          "this looks like a SentencePiece model; convert it with Python's transformers:"
              + " LlamaTokenizerFast(vocab_file=FILE).backend_tokenizer.save('tokenizer.json')";
    } else if (isBase64(content)) {
      advice =
          "this looks like tiktoken's ranks; convert them with Python's"
              + " transformers.convert_slow_tokenizer:"
              + " TikTokenConverter(vocab_file=FILE).converted().save('tokenizer.json')";
    }
    return new InputException("%s: not a tokenizer.json: %s".formatted(file, advice));
  }

  /** Whether a text begins with Base64 and a space, as ranks do. */
  private static boolean isBase64(byte[] content) {
    for (int i = 0; i < Math.min(content.length, 1024); i++) {
      byte b = content[i];
      if (b == ' ') {
        return i > 0;
      }
      if (!Character.isLetterOrDigit(b) && b != '+' && b != '/' && b != '=') {
        return false;
      }
    }
    return false;
  }

  private static final class Reader {
    private final Path file;
    private final JsonParser json;
    private final Map<String, Long> special = new LinkedHashMap<>();
    private int size;
    private boolean hasModel;

    Reader(Path file, JsonParser json) {
      this.file = file;
      this.json = json;
    }

    TokenizerVocabulary read() throws IOException {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String key = json.currentName();
        var value = json.nextToken();
        if (key.equals("model")) {
          model(value);
        } else if (key.equals("added_tokens") && value == JsonToken.START_ARRAY) {
          addedTokens();
        } else {
          json.skipChildren();
        }
      }
      if (json.nextToken() != null) {
        throw wrong("unexpected text after the value");
      }
      if (size == 0) {
        throw wrong("'model.vocab' is missing or empty");
      }
      return new TokenizerVocabulary(size, special);
    }

    private void model(JsonToken start) throws IOException {
      if (start != JsonToken.START_OBJECT || hasModel) {
        throw wrong("'model' must be one object");
      }
      hasModel = true;
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String key = json.currentName();
        var value = json.nextToken();
        if (key.equals("vocab")) {
          vocabulary(value);
        } else {
          json.skipChildren();
        }
      }
    }

    /** An object from text to token, or a list of texts with scores, in the order of the tokens. */
    private void vocabulary(JsonToken start) throws IOException {
      if (start == JsonToken.START_OBJECT) {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
          json.nextToken();
          include(token("model.vocab"));
        }
      } else if (start == JsonToken.START_ARRAY) {
        for (int token = 0; json.nextToken() != JsonToken.END_ARRAY; token++) {
          json.skipChildren();
          include(token);
        }
      } else {
        throw wrong("'model.vocab' is neither an object nor a list");
      }
    }

    private void addedTokens() throws IOException {
      while (json.nextToken() == JsonToken.START_OBJECT) {
        String content = "";
        int token = -1;
        boolean isSpecial = false;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
          String key = json.currentName();
          var value = json.nextToken();
          switch (key) {
            case "id" -> token = token("added_tokens.id");
            case "content" -> content = value == JsonToken.VALUE_STRING ? json.getText() : "";
            case "special" -> isSpecial = value == JsonToken.VALUE_TRUE;
            default -> json.skipChildren();
          }
        }
        if (token < 0 || content.isEmpty()) {
          throw wrong("an entry of 'added_tokens' lacks 'id' or 'content'");
        }
        include(token);
        if (isSpecial) {
          special.put(content, (long) token);
        }
      }
      if (json.currentToken() != JsonToken.END_ARRAY) {
        throw wrong("'added_tokens' must be a list of objects");
      }
    }

    private int token(String field) throws IOException {
      if (json.currentToken() == JsonToken.VALUE_NUMBER_INT
          && json.getNumberType() == JsonParser.NumberType.INT) {
        int token = json.getIntValue();
        if (token >= 0) {
          return token;
        }
      }
      throw wrong(
          "'%s' has %s; a token is a number from 0 up"
              .formatted(field, Printable.quoted(json.getText())));
    }

    private void include(int token) {
      if (token >= MAX_SIZE) {
        throw wrong("token %s is above the maximum of %s".formatted(token, MAX_SIZE - 1));
      }
      size = Math.max(size, token + 1);
    }

    private InputException wrong(String problem) {
      return new InputException("%s: not a tokenizer.json: %s".formatted(file, problem));
    }
  }
}
