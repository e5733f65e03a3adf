package ai.transonnx.internal.config;

import java.lang.reflect.RecordComponent;
import java.util.List;

/**
 * The components of configuration records. Java parses the annotations of a component anew for each
 * call of {@code getRecordComponents}, which takes longer than anything else when configurations
 * are read. Stateless except for this cache; threads may share it.
 */
final class RecordComponents {
  private static final ClassValue<List<RecordComponent>> ALL =
      new ClassValue<>() {
        @Override
        protected List<RecordComponent> computeValue(Class<?> type) {
          return List.of(type.getRecordComponents());
        }
      };

  private RecordComponents() {}

  /** The components of a record, in order of declaration. */
  static List<RecordComponent> of(Class<?> type) {
    return ALL.get(type);
  }
}
