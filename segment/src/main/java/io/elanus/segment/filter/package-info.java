/// Filters evaluated where the rows are: a tree of [io.elanus.common.expr.Expr] over the columns of
/// a block, one column at a time, with three truth values.
@NullMarked
package io.elanus.segment.filter;

import org.jspecify.annotations.NullMarked;
