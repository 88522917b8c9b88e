import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.HexFormat;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A producer that is not ours: Apache Kafka's own. Arguments: brokers and codec. Each line of its standard input is a record: topic, key and the
 * value as hexadecimal digits, with spaces between. What comes together goes out in one batch a partition.
 */
class ForeignProducer {
    public static void main(String[] arguments) throws Exception {
        Map<String, Object> settings = Map.of(
            "bootstrap.servers", arguments[0],
            "compression.type", arguments[1],
            "linger.ms", "60000",
            "batch.size", "900000");
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] record = line.split(" ");
                producer.send(new ProducerRecord<>(record[0], record[1].getBytes("UTF-8"), HexFormat.of().parseHex(record[2])));
            }
            producer.flush();
        }
    }
}
