/// The filter language: text in, a typed tree out. Parsed and checked once, at the proxy; evaluated
/// where the rows are. `FilterParser` is the way in: `Lexer` cuts the text into tokens,
/// `ConditionParser` knows the grammar, `Names` the schema; `Conditions`, `Comparisons` and
/// `Arithmetics` know the types. Out comes an `Expr`; `KeyLookup` finds the primary keys in it,
/// `ExprPrinter` shows it.
@NullMarked
package io.elanus.common.expr;

import org.jspecify.annotations.NullMarked;
