/**
 * What code looks like that does a kind of thing, in the languages that most projects are written in.
 * Owns the patterns: by line and by path. Reads no file, ranks nothing.
 */

export type Sign =
  | "api"
  | "entry"
  | "auth"
  | "data"
  | "schema"
  | "cache"
  | "logging"
  | "limits"
  | "errors"
  | "settings"
  | "deploy"
  | "conventions";

export interface SignPattern {
  /** A place in code that does it. Global and multi-line, because a whole file is searched at once. */
  readonly line: RegExp;
  /** A match that is the heart of it: where it is defined, not where it is used once more. */
  readonly strong: RegExp;
  /** A file whose name says that it is about this. */
  readonly path: RegExp;
  /** Only such files are searched for it; absent: every source and settings file. */
  readonly only?: RegExp;
}

const CALLS = "get|post|put|patch|delete|all|route|use|handle|register";
const METHODS = "GET|POST|PUT|PATCH|DELETE";
const DATABASE =
  "(?:db|database|pool|conn|connection|knex|sequelize|pg|mysql|sqlite|tx|trx|prisma|cursor|cur|cu|entityManager|jdbcTemplate|self\\._?(?:db|conn))";

export const SIGNS: Readonly<Record<Sign, SignPattern>> = {
  api: {
    line: new RegExp(
      `\\b(?:app|router|api|server|fastify|routes?|mux|r)\\.(?:${CALLS})\\(\\s*["'\`/]|\\b(?:req|request|r)\\.(?:method|Method)\\s*[!=]==?|\\bpathname\\s*===|\\bcreateServer\\(|\\bcreateRouter\\(|\\bnew Hono\\b|@(?:app|router|api|bp|blueprint)\\.(?:${CALLS}|websocket)\\(|@(?:Get|Post|Put|Patch|Delete|Request)Mapping\\b|@RestController\\b|@(?:Controller|Path)\\(|\\bdef do_(?:${METHODS}|HEAD)\\b|\\bclass \\w*(?:RequestHandler|HTTPServer)\\b|\\bHandleFunc\\(|\\bListenAndServe\\(|\\bServeHTTP\\(|\\bw (?:http\\.)?ResponseWriter\\b|\\.route\\(\\s*"|#\\[(?:get|post|put|delete|patch)\\(|\\bRouter::new\\(|\\bexport (?:async )?function (?:${METHODS})\\b|^\\s{2}["']?/[\\w{}/.-]*["']?:\\s*$|\\burlpatterns\\b`,
      "gm",
    ),
    strong:
      /\b(?:export|func|def|class|pub|interface)\b.*(?:[rR]outer|Server|Serve\w*|[hH]andler|RequestHandler|do_\w+)|\bcreateServer\(|urlpatterns|Router::new|@RestController|Mapping\b|HandleFunc|\b(?:app|router|server|fastify|api|bp|blueprint)\.\w+\(\s*["'`]\/|#\[(?:get|post|put|delete)|pathname ===/,
    path: /(?:^|\/)(?:api|routes?|router|routing|handlers?|controllers?|endpoints?|server|app|openapi|views|http)(?:[._-][^/]*)?(?:\.\w+$|\/)/i,
  },
  entry: {
    line: /^export (?:default|\{|\*|(?:async )?(?:function|class|const|interface|type)\b).*$|^\s*(?:module\.)?exports\b.*=|^__all__\s*=|^from \.\S* import|^from \S+ import \*|^pub (?:fn|struct|trait|enum|mod|use)\b|^func [A-Z]\w*\(|^type [A-Z]\w* (?:struct|interface)|^public (?:final |abstract )?(?:class|interface)\b|^\s*"(?:exports|main|bin)"\s*:/gm,
    strong:
      /__all__|"exports"|export default|export \*|module\.exports|^pub (?:mod|use)|^export \{/,
    path: /(?:^|\/)(?:index|main|mod|lib|__init__|api|package)\.\w+$/i,
    only: /(?:^|\/)(?:index|main|mod|lib|__init__|api)\.\w+$|^package\.json$/i,
  },
  auth: {
    line: /\b\w*(?:[aA]uthenticat|[aA]uthori[sz]e|verifyToken|verify_token|checkPassword|check_password|validate_credentials)\w*\s*\(|\.authorization\b|["'`]authorization["'`]|["'`]Authorization["'`]|\/\^?Bearer\b|\bpassport\.|\b(?:jwt|jose)\.\w+\(|\b[oO][aA]uth2?\w*\s*[=(.]|\b(?:login|signin|signIn|sign_in|logIn|log_in)(?:With\w*|_user)?\s*\(|\b(?:class|function|def|func|fn|interface|const) \w*(?:Auth(?!or(?!i))|OAuth|Credential|SignIn|SessionStore|SessionMiddleware|auth_)\w*|\bHTTP(?:Basic|Digest)AuthHandler\b|\bBasicAuth\(|\bWWW-Authenticate\b/gm,
    strong: /\b(?:class|function|def|func|fn|interface|export|pub)\b|[aA]uthorization|Bearer/,
    path: /(?:^|\/)(?:auth\w*|oauth\w*|login|session\w*|tokens?|identity|users?|accounts?|permissions?|credentials?|security)(?:[._-][^/]*)?(?:\.\w+$|\/)/i,
  },
  data: {
    line: new RegExp(
      `["'\`(]\\s*(?:SELECT\\s[^\\n]*(?:\\bFROM\\b|$)|INSERT INTO\\b|UPDATE \\w+ SET\\b|DELETE FROM\\b)|\\b${DATABASE}\\.(?:query\\w*|execute|executemany|executescript|exec|prepare|raw|fetch\\w+|find\\w+|select|insert|update)\\(|\\b(?:stmt|statement|db)\\.(?:run|all|get|Query\\w*|Exec\\w*|Prepare\\w*)\\(|\\b(?:QueryRow|QueryContext|ExecContext)\\(|\\bsqlx::|\\bdiesel::|\\bsession\\.query\\(|\\bJpaRepository\\b|@Query\\(|\\.(?:findMany|findUnique|findFirst)\\(|\\bsql\\.Open\\(|\\bsqlite3\\.connect\\(|\\bnew (?:sqlite3\\.)?Database(?:Sync)?\\(|\\binitSqlJs\\(|\\bdef (?:execute|fetch\\w*|cursor)\\(`,
      "gm",
    ),
    strong:
      /\bSELECT\b|sql\.Open|\.connect\(|new (?:sqlite3\.)?Database|JpaRepository|initSqlJs|\b(?:class|function|def|func)\b/,
    path: /(?:^|\/)(?:db|database|dao|repositor(?:y|ies)|queries|query|sql\w*|stor(?:e|age)|models?|data)(?:[._-][^/]*)?(?:\.\w+$|\/)/i,
  },
  schema: {
    line: /\b(?:CREATE|ALTER|DROP) (?:UNIQUE |VIRTUAL |TEMP )?(?:TABLE|INDEX|TRIGGER|VIEW)\b|\bADD COLUMN\b|\buser_version\b|\bschema_?[vV]ersion\b|\bSCHEMA_VERSION\b|\.(?:createTable|addColumn|alterTable)\(|\bop\.(?:add_column|create_table|drop_\w+)\(|\bmodels\.\w+Field\(|=\s*Column\(|@Entity\b|@Table\b|\b(?:run_?[mM]igrations?|migrate)\w*\(|\bclass \w*Migration\b|\bFORMAT_VERSION\b|\bjournalVersion\b/gm,
    strong: /\bCREATE TABLE\b|user_version|[sS]chema_?[vV]ersion|SCHEMA_VERSION|[mM]igrat|@Entity/,
    path: /(?:^|\/)(?:migrations?|schemas?|alembic|prisma|flyway|liquibase)(?:[._-][^/]*)?(?:\.\w+$|\/)|\.sql$/i,
  },
  cache: {
    line: /\b\w*[cC]ache\w*\s*(?:[=(.[]|:\s)|\blru_cache\b|\bmemoi[sz]e\w*\(|\b(?:redis|memcached?)\b|["'`][cC]ache-[cC]ontrol["'`]|\bETag\b/gm,
    strong:
      /\b(?:class|function|def|func|fn|interface|type|struct|new)\b.*[cC]ache|[cC]ache\w*\s*=|lru_cache|memoi[sz]e/,
    path: /(?:^|\/)(?:\w*cache\w*|lru|memo\w*|redis)(?:[._-][^/]*)?(?:\.\w+$|\/)/i,
  },
  logging: {
    line: /\bconsole\.(?:log|warn|error|info|debug)\(|\b\w*(?:log|logger|Log|Logger|LOG|LOGGER|logging|slog)\.(?:debug|info|warn|warning|error|exception|fatal|trace|critical|log|append|write|Print\w*|Fatal\w*|Panic\w*|With\w*|New)\(|\bgetLogger\(|\bLoggerFactory\b|\bcreate\w*(?:Log|Logger|OutputChannel)\(|\bopen\w*Log\(|\bpino\(|\bwinston\.|\b(?:info|warn|error|debug|trace|eprintln|println)!\(|\bstd(?:err|out)\.write\(|\blog_(?:message|error|request)\(|\.logf\(|\bFprint\w*\(os\.Stderr|\bSystem\.(?:out|err)\.print/gm,
    strong:
      /getLogger|createLogger|LoggerFactory|pino\(|winston|OutputChannel|log\.New\(|\b(?:function|def|func|fn|class)\b.*[lL]og/,
    path: /(?:^|\/)(?:log|logs|logger|logging|\w*[lL]og|telemetry|tracing)(?:[._-][^/]*)?(?:\.\w+$|\/)/,
  },
  limits: {
    line: /\b\w*(?:rate[-_ ]?limit|rateLimit|RateLimit|throttl|Throttl|limit_req|too[-_ ]many|TooMany)\w*|\b429\b|\bquotas?\b|\bRetry-After\b/gm,
    strong: /rate[-_ ]?limit|rateLimit|RateLimit|limit_req|429/,
    path: /(?:^|\/)[^/]*(?:rate[-_]?limit|throttl|quota)[^/]*$/i,
  },
  errors: {
    line: /\bthrow\s+(?:new\s+)?[\w.]+|^\s*(?:export\s+|public\s+)?(?:abstract\s+)?class (?:\w*(?:Error|Exception|Failure|Warning)\b|\w+(?:\(| extends )[\w.]*(?:Error|Exception)\b)|\braise\s+[A-Z]\w*|\berrors\.New\(|\bfmt\.Errorf\(|\bErr[A-Z]\w*\s*=|\b(?:bail|anyhow|panic)!\(|\bErr\(|\b(?:sendError|send_error|handleError|errorHandler|onError|asFailure|failure)\(|\bhttp\.Error\(|\bHTTPException\(|\babort\(\s*\d|\bstatus(?:Code)?\s*[:=]\s*[45]\d\d|\.status\(\s*[45]\d\d|@ExceptionHandler\b|\bimpl .*Error for\b/gm,
    strong:
      /\bclass .*(?:Error|Exception|Failure)|\b(?:function|def|func|fn) \w*(?:[eE]rror|[fF]ail)\w*|@ExceptionHandler|\bErr[A-Z]\w*\s*=|errorHandler|impl .*Error for/,
    path: /(?:^|\/)(?:\w*errors?|\w*exceptions?|failures?|answers|problems?)(?:[._-][^/]*)?(?:\.\w+$|\/)/i,
  },
  settings: {
    line: /\bprocess\.env\b|\bimport\.meta\.env\b|\bDeno\.env\b|\bos\.(?:environ|getenv)\b|\bos\.(?:Getenv|LookupEnv)\(|\bgodebug\.New\(|\benv::var\(|\bSystem\.getenv\(|@Value\(|@ConfigurationProperties\b|\bflag\.(?:String|Int|Bool|Duration)\w*\(|\badd_argument\(|\bviper\.|\bgetConfiguration\(|^(?:export\s+|public\s+|pub\s+)*(?:class|interface|type|struct) \w*(?:Config|Configuration|Settings|Options)\b|^(?:export )?(?:const )?(?:\w+_)?DEFAULTS?(?:_\w+)?\s*[=:]|^(?:export )?const (?:[dD]efault\w+|config|settings)\b/gm,
    strong:
      /process\.env|os\.environ|getenv|Getenv|LookupEnv|env::var|getConfiguration|godebug|flag\.|export const config|(?:Config|Settings|Options)\b/,
    path: /(?:^|\/)(?:config\w*|settings?|options|env|defaults)(?:[._-][^/]*)?\.\w+$/i,
  },
  deploy: {
    line: /^\s*(?:FROM |EXPOSE |CMD |replicas:|image:|services:|runs-on:|upstream |server \S+:\d+;|kind: Deployment)/gm,
    strong: /replicas:|upstream |FROM |server \S+:\d+;|services:/,
    path: /(?:^|\/)(?:deploy\w*|Dockerfile|docker-compose[^/]*|helm|k8s|kubernetes|terraform|operations|ops|Procfile)(?:[./]|$)/i,
    only: /(?:^|\/)(?:deploy\w*|Dockerfile|docker-compose|helm|k8s|kubernetes|terraform|Procfile)|^\.github\/workflows\//i,
  },
  conventions: {
    line: /^#{1,3} .*(?:[sS]tyle|[cC]onvention|[cC]ommit|[pP]ull [rR]equest|[tT]est|[cC]ode|[rR]ules?)\b.*$|^\s*"?(?:rules|extends|linter|formatter|max_line_length|indent_style)\b/gm,
    strong: /[sS]tyle|[cC]onvention|[rR]ules/,
    path: /(?:^|\/)(?:CONTRIBUTING|STYLE|\.editorconfig|biome\.json|\.?eslint[^/]*|\.prettierrc|ruff\.toml|rustfmt\.toml|CODEOWNERS)/i,
    only: /(?:^|\/)(?:CONTRIBUTING|STYLE|\.editorconfig|biome\.json|\.?eslint[^/]*|\.prettierrc|ruff\.toml|rustfmt\.toml|CODEOWNERS)/i,
  },
};

export const ALL_SIGNS = Object.keys(SIGNS).filter(isSign);

function isSign(name: string): name is Sign {
  return Object.hasOwn(SIGNS, name);
}
