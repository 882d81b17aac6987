/// The filter language: text in, a typed tree out. Parsed and checked once, at the proxy; evaluated where
/// the rows are.
@NullMarked
package io.elanus.common.expr;

import org.jspecify.annotations.NullMarked;
