/** The results of verifying a model file, and their forms: JSON, JUnit's XML, a page. */
@NullMarked
package ai.transonnx.verification.report;

import org.jspecify.annotations.NullMarked;
