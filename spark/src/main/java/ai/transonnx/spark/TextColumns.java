package ai.transonnx.spark;

import ai.transonnx.runtime.RequestException;
import java.util.Arrays;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The columns that the parameters of a transformer name. */
record TextColumns(StructType schema) {
  /**
   * Checks a column of strings.
   *
   * @throws RequestException if it is missing or has another type
   */
  void checkText(String parameter, String name) {
    var field = field(parameter, name);
    if (!field.dataType().equals(DataTypes.StringType)) {
      throw refusal(parameter, field, DataTypes.StringType.simpleString());
    }
  }

  /**
   * Checks a column of keys.
   *
   * @throws RequestException if it is missing, or neither strings nor whole numbers
   */
  void checkKey(String parameter, String name) {
    var field = field(parameter, name);
    var type = field.dataType();
    boolean isKey =
        type.equals(DataTypes.StringType)
            || type.equals(DataTypes.LongType)
            || type.equals(DataTypes.IntegerType)
            || type.equals(DataTypes.ShortType)
            || type.equals(DataTypes.ByteType);
    if (!isKey) {
      throw refusal(parameter, field, "string or a whole number");
    }
  }

  /**
   * These columns and a new one.
   *
   * @throws RequestException if there is one of this name
   */
  TextColumns with(String parameter, String name, DataType type) {
    if (has(name)) {
      throw new RequestException(
          "%s is '%s'; this column exists already".formatted(parameter, name));
    }
    return new TextColumns(schema.add(name, type, true));
  }

  /**
   * Rows with the metadata of these columns, such as the watermark of a stream: a column loses them
   * when rows are mapped.
   */
  Dataset<Row> withMetadata(Dataset<Row> rows) {
    if (Arrays.stream(schema.fields()).allMatch(f -> f.metadata().equals(Metadata.empty()))) {
      return rows;
    }
    var columns =
        Arrays.stream(rows.columns())
            .map(
                name -> {
                  var column = functions.col("`" + name.replace("`", "``") + "`");
                  return has(name) ? column.as(name, schema.apply(name).metadata()) : column;
                })
            .toArray(Column[]::new);
    return rows.select(columns);
  }

  private boolean has(String name) {
    return Arrays.asList(schema.fieldNames()).contains(name);
  }

  private StructField field(String parameter, String name) {
    if (!has(name)) {
      throw new RequestException(
          "%s is '%s'; there is no such column among %s"
              .formatted(parameter, name, Arrays.toString(schema.fieldNames())));
    }
    return schema.apply(name);
  }

  private static RequestException refusal(String parameter, StructField field, String expected) {
    return new RequestException(
        "%s is '%s', a column of type %s; its type must be %s"
            .formatted(parameter, field.name(), field.dataType().simpleString(), expected));
  }
}
