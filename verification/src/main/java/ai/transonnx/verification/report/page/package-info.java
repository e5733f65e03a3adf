/** The results of verifying a model file as a page for browsers. */
@NullMarked
package ai.transonnx.verification.report.page;

import org.jspecify.annotations.NullMarked;
