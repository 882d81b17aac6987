package io.elanus.common.model;

import io.elanus.common.error.ErrorCode;
import java.util.Map;

/// Yes or no among the parameters of an index or a search; no where it is not given. Errors in Milvus's words.
record BoolParam(String name) {
  void checkToBuild(Map<String, String> params) {
    if (IntParam.isGiven(params, name)) {
      parse(params.getOrDefault(name, ""), ": " + ErrorCode.INVALID_PARAMETER.text());
    }
  }

  boolean toSearch(Map<String, String> params) {
    return params.containsKey(name) && parse(params.getOrDefault(name, ""), "");
  }

  private boolean parse(String text, String ending) {
    boolean yes = text.equalsIgnoreCase("true");
    if (!yes && !text.equalsIgnoreCase("false")) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "Type conflict in json: param '%s' (\"%s\") should be a boolean%s", name, text, ending);
    }
    return yes;
  }
}
