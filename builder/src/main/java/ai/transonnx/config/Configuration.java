package ai.transonnx.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a record whose components are the keyword arguments of a Python class. The annotation
 * processor generates a builder for it, named {@code XBuilder} for a record {@code X}, with one
 * method per option.
 */
@Retention(RetentionPolicy.SOURCE)
@Target(ElementType.TYPE)
public @interface Configuration {}
