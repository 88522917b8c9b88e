/** One row of the network import. */
export type NetworkRow = {
  readonly code: string;
  readonly kind: string;
  readonly parent_code: string;
  readonly name_en: string;
  readonly name_hi: string;
};

export const networkFields = ['code', 'kind', 'parent_code', 'name_en', 'name_hi'] as const;

/** A node of the lowest levels with the place it supplies. */
export type SupplyingNode = { readonly code: string; readonly feederCode: string; readonly place: Place };

/** A part of the town, in both languages. */
export type Place = { readonly en: string; readonly hi: string };

const feedersPerSubstation = 5;
const transformersPerFeeder = 10;

const subDivisions: readonly [code: string, place: Place, substations: readonly Place[]][] = [
  [
    'SD-1',
    { en: 'Rampur Nagar I', hi: 'रामपुर नगर प्रथम' },
    [place('Civil Lines', 'सिविल लाइन्स'), place('Ghanta Ghar', 'घंटाघर')],
  ],
  [
    'SD-2',
    { en: 'Rampur Nagar II', hi: 'रामपुर नगर द्वितीय' },
    [place('Shahbad Gate', 'शाहबाद गेट'), place('Jwala Nagar', 'ज्वाला नगर')],
  ],
];

const quarters: readonly Place[] = [
  place('Station Road', 'स्टेशन रोड'),
  place('Gandhi Market', 'गांधी मार्केट'),
  place('Nehru Colony', 'नेहरू कॉलोनी'),
  place('Shiv Puri', 'शिवपुरी'),
  place('Azad Chowk', 'आज़ाद चौक'),
  place('Krishna Vihar', 'कृष्णा विहार'),
  place('Pahadi Gate', 'पहाड़ी गेट'),
  place('Indira Colony', 'इंदिरा कॉलोनी'),
  place('Purani Mandi', 'पुरानी मंडी'),
  place('Ganga Pur', 'गंगापुर'),
  place('Tahsil Road', 'तहसील रोड'),
  place('Model Town', 'मॉडल टाउन'),
  place('Raza Nagar', 'रज़ा नगर'),
  place('Hospital Road', 'अस्पताल रोड'),
  place('Kisan Nagar', 'किसान नगर'),
  place('Subhash Nagar', 'सुभाष नगर'),
  place('Mill Road', 'मिल रोड'),
  place('Awas Vikas', 'आवास विकास'),
  place('Ambedkar Park', 'अंबेडकर पार्क'),
  place('Lal Kuan', 'लाल कुआं'),
];

/** Lays out the town's network, from its zone down to 200 distribution transformers; it has no chance in it. */
export function layOutNetwork(): { rows: NetworkRow[]; transformers: SupplyingNode[] } {
  const rows: NetworkRow[] = [
    row('Z-1', 'zone', '', place('Moradabad Zone', 'मुरादाबाद क्षेत्र')),
    row('C-1', 'circle', 'Z-1', place('Rampur Circle', 'रामपुर मंडल')),
    row('D-1', 'division', 'C-1', place('Rampur Division', 'रामपुर खंड')),
  ];
  const transformers: SupplyingNode[] = [];
  let substation = 10;
  for (const [code, name, substations] of subDivisions) {
    rows.push(row(code, 'sub-division', 'D-1', name));
    for (const substationPlace of substations) {
      substation += 1;
      rows.push(row(`SS-${substation}`, 'substation', code, substationPlace));
      for (let feeder = 1; feeder <= feedersPerSubstation; feeder += 1)
        addFeeder(rows, transformers, substation, feeder);
    }
  }
  return { rows, transformers };
}

function addFeeder(rows: NetworkRow[], transformers: SupplyingNode[], substation: number, feeder: number): void {
  const number = `${substation}${twoDigits(feeder)}`;
  const feederCode = `F-${number}`;
  const quarter = quarters[(substation * feedersPerSubstation + feeder) % quarters.length] as Place;
  rows.push(row(feederCode, 'feeder', `SS-${substation}`, quarter));
  for (let transformer = 1; transformer <= transformersPerFeeder; transformer += 1) {
    const code = `DT-${number}${twoDigits(transformer)}`;
    const part = place(`${quarter.en} ${transformer}`, `${quarter.hi} ${transformer}`);
    rows.push(row(code, 'distribution-transformer', feederCode, part));
    transformers.push({ code, feederCode, place: quarter });
  }
}

function row(code: string, kind: string, parent: string, name: Place): NetworkRow {
  return { code, kind, parent_code: parent, name_en: name.en, name_hi: name.hi };
}

function place(en: string, hi: string): Place {
  return { en, hi };
}

const twoDigits = (number: number): string => String(number).padStart(2, '0');
