/// Errors as the caller meets them: one exception, a code with the Milvus number, and a kind that
/// says what to do next.
@NullMarked
package io.elanus.common.error;

import org.jspecify.annotations.NullMarked;
