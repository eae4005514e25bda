/**
 * Writes the sample records in `data`: property rolls of two counties, their sales and a register of businesses. All of it is
 * made up from a seed; `planted.json` says what is wrong with it on purpose, so that tests can ask for exact numbers.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "csv-stringify/sync";

const FOLDER = join(import.meta.dirname, "data");
const random = seeded(20251020);

type City = readonly [name: string, zip: string];

const COUNTIES: readonly { readonly code: string; readonly cities: readonly City[] }[] = [
  {
    code: "06",
    cities: [
      ["Fort Lauderdale", "33301"],
      ["Hollywood", "33020"],
      ["Davie", "33314"],
    ],
  },
  {
    code: "13",
    cities: [
      ["Miami", "33130"],
      ["Hialeah", "33010"],
      ["Homestead", "33030"],
    ],
  },
];
const STREETS = ["Palm Ave", "Ocean Dr", "Main St", "Lakeview Rd", "Cypress Way", "Sunrise Blvd"];
const FIRST = [
  "Maria",
  "James",
  "Olivia",
  "Carlos",
  "Aisha",
  "Peter",
  "Linh",
  "Sofia",
  "Noah",
  "Grace",
];
const LAST = [
  "Alvarez",
  "Bennett",
  "Chen",
  "Diaz",
  "Edwards",
  "Foster",
  "Garcia",
  "Hughes",
  "Ito",
  "Jones",
];
const TRADES = [
  "Coastal",
  "Everglade",
  "Sunshine",
  "Gulfstream",
  "Biscayne",
  "Mangrove",
  "Pelican",
  "Atlantic",
];
const KINDS = ["Holdings", "Properties", "Investments", "Realty", "Ventures", "Partners"];
const FORMS = ["LLC", "Inc", "Corp", "LP"];
/** What stands on the land, with the code of the Florida Department of Revenue that a careful clerk would give. */
const USES = [
  ["Single family residence", "0100"],
  ["Condominium unit", "0400"],
  ["Duplex, two units", "0800"],
  ["Vacant residential lot", "0000"],
  ["Retail store", "1100"],
  ["Office building, one story", "1700"],
  ["Warehouse and distribution", "4800"],
  ["Marina with wet slips", "2000"],
] as const;

const businesses = TRADES.flatMap((trade) => KINDS.map((kind) => [trade, kind] as const)).map(
  ([trade, kind], index) => ({
    document_number: `L${String(25000001 + index * 37)}`,
    name: `${trade} ${kind} ${pick(FORMS)}`.toUpperCase(),
    status: random() < 0.15 ? "INACTIVE" : "ACTIVE",
    type: "Florida Limited Liability",
    city: pick(COUNTIES[index % 2]?.cities ?? [])[0],
    filed: `20${10 + (index % 15)}-0${1 + (index % 9)}-15`,
  }),
);

type Row = Record<string, string>;
const planted = {
  rows: {} as Record<string, number>,
  bad: {} as Record<string, number>,
  gaps: {} as Record<string, number>,
  missing_parcels: {} as Record<string, string[]>,
  duplicates: {} as Record<string, number>,
  company_owners: 0,
  misspelled_owners: 0,
  businesses: businesses.length,
  inactive: businesses.filter(({ status }) => status === "INACTIVE").length,
};

mkdirSync(FOLDER, { recursive: true });
for (const county of COUNTIES) {
  const rows = roll(county);
  write(`NAL_${county.code}_2025.csv`, rows);
  write(`SDF_${county.code}_2025.csv`, sales(rows));
}
write("businesses.csv", businesses);
writeFileSync(join(FOLDER, "planted.json"), `${JSON.stringify(planted, null, 2)}\n`);

/** A property roll with duplicates, broken rows and gaps planted in it. */
function roll({ code, cities }: (typeof COUNTIES)[number]): Row[] {
  const rows: Row[] = [];
  planted.missing_parcels[code] = [];
  for (let number = 1; number <= 150; number++) {
    if (number % 47 === 0) {
      planted.missing_parcels[code]?.push(parcel(code, number));
      continue;
    }
    rows.push(property(code, number, pick(cities)));
  }
  planted.duplicates[code] = 6;
  for (let n = 0; n < 6; n++) rows.push(again(rows[n * 19 + 4] as Row, n));
  planted.gaps[code] = 8;
  for (let n = 0; n < 8; n++) {
    const row = rows[n * 13 + 7] as Row;
    if (n % 2 === 0) row.zip = "";
    else row.city = "";
  }
  planted.bad[code] = 5;
  const broken: ((row: Row) => void)[] = [
    (row) => {
      row.parcel_id = "not a parcel";
    },
    (row) => {
      row.just_value = "-1";
    },
    (row) => {
      row.year_built = "2199";
    },
    (row) => {
      row.owner = "";
    },
    (row) => {
      row.assessed_value = String(Number(row.just_value) * 3);
    },
  ];
  broken.forEach((spoil, n) => {
    const row = { ...(rows[n * 23 + 11] as Row), parcel_id: parcel(code, 900 + n) };
    spoil(row);
    rows.push(row);
  });
  planted.rows[code] = rows.length;
  return rows;
}

function property(code: string, number: number, [city, zip]: readonly [string, string]): Row {
  const [use] = pick(USES);
  const value = 90_000 + Math.floor(random() * 900_000);
  const vacant = use.startsWith("Vacant");
  return {
    parcel_id: parcel(code, number),
    county: code,
    owner: owner(),
    address: `${100 + number * 3} ${pick(STREETS)}`,
    city,
    zip,
    land_use: use,
    year_built: vacant ? "" : String(1950 + Math.floor(random() * 74)),
    living_area: vacant ? "0" : String(700 + Math.floor(random() * 3500)),
    just_value: String(value),
    assessed_value: String(Math.floor(value * (0.7 + random() * 0.3))),
  };
}

/** A third of all belongs to businesses, a few of whose names are written with a slip. */
function owner(): string {
  if (random() > 0.33) return `${pick(LAST)}, ${pick(FIRST)}`.toUpperCase();
  planted.company_owners += 1;
  const { name } = pick(businesses);
  if (random() > 0.3) return name.replace(/ (LLC|INC|CORP|LP)$/, (form) => `,${form}.`);
  planted.misspelled_owners += 1;
  const at = 2 + Math.floor(random() * 5);
  return `${name.slice(0, at)}${name[at + 1] ?? ""}${name[at] ?? ""}${name.slice(at + 2)}`;
}

/** The same property once more, as another clerk would write it. */
function again(row: Row, n: number): Row {
  const address = (row.address ?? "")
    .replace(/ Ave$/, " Avenue")
    .replace(/ St$/, " Street")
    .replace(/ Rd$/, " Road");
  const spelled = n % 2 === 0 ? (row.owner ?? "").toLowerCase() : (row.owner ?? "");
  return { ...row, address, owner: spelled, parcel_id: parcel(row.county ?? "", 700 + n) };
}

function sales(rows: readonly Row[]): Row[] {
  return rows
    .filter((_, index) => index % 3 === 0)
    .map((row, index) => ({
      parcel_id: row.parcel_id ?? "",
      county: row.county ?? "",
      sale_date: `2024-${String(1 + (index % 12)).padStart(2, "0")}-10`,
      sale_price: String(Math.floor(Math.max(1, Number(row.just_value)) * (0.8 + random() * 0.5))),
    }));
}

function parcel(code: string, number: number): string {
  return `${code}-2025-${String(number).padStart(5, "0")}`;
}

function write(name: string, rows: readonly object[]): void {
  writeFileSync(join(FOLDER, name), stringify([...rows], { header: true }));
}

function pick<T>(list: readonly T[]): T {
  return list[Math.floor(random() * list.length)] as T;
}

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
