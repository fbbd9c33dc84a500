// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;

/** Names and limits, as {@link java.sql.DatabaseMetaData} asks for them; 0 is no limit. */
abstract class MetaDataLimits extends MetaDataFeatures {
  @Override
  public int getResultSetHoldability() {
    return ResultSet.HOLD_CURSORS_OVER_COMMIT;
  }

  @Override
  public String getUserName() {
    return "varve";
  }

  @Override
  public String getDatabaseProductName() {
    return "Varve";
  }

  @Override
  public String getDriverName() {
    return "Varve JDBC Driver";
  }

  @Override
  public int getDriverMajorVersion() {
    return VarveDriver.MAJOR;
  }

  @Override
  public int getDriverMinorVersion() {
    return VarveDriver.MINOR;
  }

  @Override
  public String getIdentifierQuoteString() {
    return "\"";
  }

  @Override
  public String getSQLKeywords() {
    return "ilike,isnull,limit,notnull,offset,returning,similar,verbose,analyse,analyze,freeze,placing,variadic,lateral";
  }

  @Override
  public String getNumericFunctions() {
    return "abs,acos,asin,atan,atan2,ceiling,cos,cot,degrees,exp,floor,log,log10,mod,pi,power,radians,round,sign,sin,sqrt,tan,trunc";
  }

  @Override
  public String getStringFunctions() {
    return "ascii,chr,concat,left,length,lower,lpad,ltrim,position,repeat,replace,reverse,right,rpad,rtrim,split_part,strpos,substring,translate,trim,upper";
  }

  @Override
  public String getSystemFunctions() {
    return "coalesce,current_schema,current_user,nullif";
  }

  @Override
  public String getTimeDateFunctions() {
    return "current_date,current_time,current_timestamp,date_part,date_trunc,extract,localtime,localtimestamp,now,to_char,to_date,to_timestamp";
  }

  @Override
  public String getSearchStringEscape() {
    return "\\";
  }

  @Override
  public String getExtraNameCharacters() {
    return "";
  }

  @Override
  public String getSchemaTerm() {
    return "schema";
  }

  @Override
  public String getProcedureTerm() {
    return "function";
  }

  @Override
  public String getCatalogTerm() {
    return "database";
  }

  @Override
  public String getCatalogSeparator() {
    return ".";
  }

  @Override
  public int getMaxBinaryLiteralLength() {
    return 0;
  }

  @Override
  public int getMaxCharLiteralLength() {
    return 0;
  }

  @Override
  public int getMaxColumnNameLength() {
    return 0;
  }

  @Override
  public int getMaxColumnsInGroupBy() {
    return 0;
  }

  @Override
  public int getMaxColumnsInIndex() {
    return 0;
  }

  @Override
  public int getMaxColumnsInOrderBy() {
    return 0;
  }

  @Override
  public int getMaxColumnsInSelect() {
    return 1664;
  }

  @Override
  public int getMaxColumnsInTable() {
    return 1600;
  }

  @Override
  public int getMaxConnections() {
    return 0;
  }

  @Override
  public int getMaxCursorNameLength() {
    return 0;
  }

  @Override
  public int getMaxIndexLength() {
    return 65536;
  }

  @Override
  public int getMaxSchemaNameLength() {
    return 0;
  }

  @Override
  public int getMaxProcedureNameLength() {
    return 0;
  }

  @Override
  public int getMaxCatalogNameLength() {
    return 0;
  }

  @Override
  public int getMaxRowSize() {
    return 1 << 30;
  }

  @Override
  public int getMaxStatementLength() {
    return 0;
  }

  @Override
  public int getMaxStatements() {
    return 0;
  }

  @Override
  public int getMaxTableNameLength() {
    return 0;
  }

  @Override
  public int getMaxTablesInSelect() {
    return 0;
  }

  @Override
  public int getMaxUserNameLength() {
    return 0;
  }

  @Override
  public int getDefaultTransactionIsolation() {
    return Connection.TRANSACTION_REPEATABLE_READ;
  }

  @Override
  public int getDatabaseMajorVersion() {
    return VarveDriver.MAJOR;
  }

  @Override
  public int getDatabaseMinorVersion() {
    return VarveDriver.MINOR;
  }

  @Override
  public int getJDBCMajorVersion() {
    return 4;
  }

  @Override
  public int getJDBCMinorVersion() {
    return 3;
  }

  @Override
  public int getSQLStateType() {
    return sqlStateSQL;
  }
}
