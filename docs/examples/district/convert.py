# python3 convert.py own-format.csv FOLDER: writes network.csv and connections.csv into FOLDER. Line n stays line n.
import csv, hashlib, sys

WORDS = {"घरेलू": "domestic", "वाणिज्यिक": "commercial", "कृषि": "agriculture", "अस्पताल": "hospital",
         "चालू": "active", "विच्छेदित": "disconnected", "बंद": "closed", "हिंदी": "hi", "अंग्रेजी": "en"}
COLUMNS = "account_number,category,state,node_code,locality_en,locality_hi,meter_number,consumer_name,mobile,language,old_account_numbers"
source, folder = sys.argv[1:]
feeders, connections = {}, []
for row in list(csv.reader(open(source, encoding="utf-8", newline=""), delimiter=";"))[1:]:
    account, name, category, state, substation, feeder, locality, meter, mobile, language = row
    code = feeder and "F-" + hashlib.sha1(f"{substation}/{feeder}".encode()).hexdigest()[:8]
    if feeder: feeders[code] = [code, "feeder", "Z-OWN", f"{feeder} ({substation})", f"{feeder} ({substation})"]
    kind, condition, tongue = [WORDS.get(word, word) for word in (category, state, language)]
    connections.append([account.replace(" ", ""), kind, condition, code, "", locality, meter, name, mobile, tongue, ""])
network = [["Z-OWN", "zone", "", "District", "जनपद"], *feeders.values()]
for file, header, rows in ("network.csv", "code,kind,parent_code,name_en,name_hi", network), ("connections.csv", COLUMNS, connections):
    with open(f"{folder}/{file}", "w", encoding="utf-8", newline="") as out:
        out.write(header + "\n")
        csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
