package io.elanus.standalone.config;

/// A value somebody gave to a key, before anybody looked whether there is such a key.
///
/// @param value as written
public record Setting(String key, String value, Source source) {}
