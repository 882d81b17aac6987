package io.elanus.common.expr;

import io.elanus.common.model.CollectionSchema;
import java.util.Map;

/// The filter language of Milvus: text in, a checked tree out.
///
/// Every error is a DbException `INVALID_PARAMETER` in Milvus's words: "failed to create query
/// plan: cannot parse expression: FILTER: CAUSE: query plan failed".
public final class FilterParser {
  private FilterParser() {}

  /// The condition of a search or a query; `ALWAYS` for an empty filter.
  ///
  /// @param templates values of `{name}` in the filter; names the filter does not use are ignored
  public static Expr parse(String filter, CollectionSchema schema, Map<String, Literal> templates) {
    return parse(new FilterSource(filter, "query"), schema, templates);
  }

  /// As [#parse], for a delete: only the errors begin differently. Whether a condition that is
  /// always true may delete is not asked here.
  public static Expr parseDelete(
      String filter, CollectionSchema schema, Map<String, Literal> templates) {
    return parse(new FilterSource(filter, "delete"), schema, templates);
  }

  private static Expr parse(
      FilterSource source, CollectionSchema schema, Map<String, Literal> templates) {
    if (source.text().isBlank()) {
      return Expr.ALWAYS;
    }
    if (source.text().length() > FilterSource.MAX_LENGTH) {
      throw source.cannotParse(
          "%d characters, at most %d are allowed", source.text().length(), FilterSource.MAX_LENGTH);
    }
    Names names = new Names(source, schema);
    Part whole = new ConditionParser(source, names, templates).parse();
    return Conditions.asCondition(whole).orElseThrow(() -> source.notBoolean(whole.typeName()));
  }
}
