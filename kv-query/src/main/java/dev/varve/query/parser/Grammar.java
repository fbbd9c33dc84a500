// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.parser;

import dev.varve.query.ast.SourceText;

/** The parts of the parser, wired to each other over one stream of tokens. */
final class Grammar {
  final TokenStream stream;
  final NameParser names;
  final TypeParser types;
  final ExpressionParser expressions;
  final FunctionParser functions;
  final QueryParser queries;
  final FromParser from;
  final WindowParser windows;
  final DataParser data;
  final ConstraintParser constraints;
  final DefinitionParser definitions;
  final AlterParser alter;
  final SessionParser session;
  final StatementParser statements;

  Grammar(SourceText source) {
    stream = new TokenStream(source);
    names = new NameParser(stream);
    types = new TypeParser(this);
    expressions = new ExpressionParser(this);
    functions = new FunctionParser(this);
    queries = new QueryParser(this);
    from = new FromParser(this);
    windows = new WindowParser(this);
    data = new DataParser(this);
    constraints = new ConstraintParser(this);
    definitions = new DefinitionParser(this);
    alter = new AlterParser(this);
    session = new SessionParser(this);
    statements = new StatementParser(this);
  }
}
