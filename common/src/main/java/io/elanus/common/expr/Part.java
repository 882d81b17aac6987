package io.elanus.common.expr;

import io.elanus.common.model.DataType;

/// A part of a filter while it is being put together.
sealed interface Part {
  /// Its type, as messages name it.
  String typeName();

  /// Known while parsing.
  record Constant(Literal value) implements Part {
    @Override
    public String typeName() {
      return Literals.typeName(value);
    }
  }

  /// Something a row has a value for. Of type JSON when only the row knows.
  ///
  /// @param nullable whether a row may have none after all: then no comparison says the same of all rows
  record Column(Operand operand, DataType type, boolean nullable) implements Part {
    @Override
    public String typeName() {
      return type.milvusName();
    }
  }

  /// What a row fulfils or not.
  record Condition(Expr expr) implements Part {
    @Override
    public String typeName() {
      return DataType.BOOL.milvusName();
    }
  }
}
