package ai.transonnx.golden;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.domain.properties.HasModifiers;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The types in the signatures of exported classes. */
final class PublicSignatures {
  static final DescribedPredicate<JavaClass> ARE_PUBLIC_API =
      new DescribedPredicate<>("are public in an exported package") {
        @Override
        public boolean test(JavaClass type) {
          return isPublic(type) && !isInternal(type);
        }
      };

  static final ArchCondition<JavaClass> SHOW_NO_INTERNAL_TYPES =
      new ArchCondition<>("show no internal types") {
        @Override
        public void check(JavaClass type, ConditionEvents events) {
          signatures(type)
              .forEach(
                  (part, types) ->
                      types.stream()
                          .flatMap(shown -> shown.getAllInvolvedRawTypes().stream())
                          .filter(PublicSignatures::isInternal)
                          .distinct()
                          .forEach(
                              shown ->
                                  events.add(
                                      SimpleConditionEvent.violated(
                                          type, part + " shows " + shown.getName()))));
        }
      };

  private PublicSignatures() {}

  /** The types in the signature of each visible member, and the supertypes of the class. */
  private static Map<String, List<JavaType>> signatures(JavaClass type) {
    var signatures = new LinkedHashMap<String, List<JavaType>>();
    var parents = new ArrayList<JavaType>(type.getInterfaces());
    type.getSuperclass().ifPresent(parents::add);
    signatures.put(type.getName(), parents);
    for (var field : type.getFields()) {
      if (isVisible(field)) {
        signatures.put(field.getFullName(), List.of(field.getType()));
      }
    }
    for (var unit : type.getCodeUnits()) {
      if (isVisible(unit)) {
        signatures.put(unit.getFullName(), types(unit));
      }
    }
    return signatures;
  }

  private static List<JavaType> types(JavaCodeUnit unit) {
    var types = new ArrayList<>(unit.getParameterTypes());
    types.add(unit.getReturnType());
    types.addAll(unit.getExceptionTypes());
    return types;
  }

  private static boolean isVisible(HasModifiers member) {
    return member.getModifiers().contains(JavaModifier.PUBLIC)
        || member.getModifiers().contains(JavaModifier.PROTECTED);
  }

  private static boolean isPublic(JavaClass type) {
    return type.getModifiers().contains(JavaModifier.PUBLIC)
        && type.getEnclosingClass().map(PublicSignatures::isPublic).orElse(true);
  }

  private static boolean isInternal(JavaClass type) {
    return (type.getPackageName() + ".").contains(".internal.");
  }
}
