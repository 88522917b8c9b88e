import com.cloudhopper.commons.charset.CharsetUtil;
import java.io.*;
import java.lang.reflect.*;
import java.nio.charset.StandardCharsets;
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.AtomicLong;
import org.jsmpp.*;
import org.jsmpp.bean.*;
import org.jsmpp.session.*;
import org.jsmpp.session.connection.*;
import org.jsmpp.session.connection.socket.*;
import org.jsmpp.util.*;

/**
 * An SMSC that is not ours: jSMPP speaks SMPP, Cloudhopper decodes texts. Arguments: port, system id, password, plain or tls.
 * Lines "name value" on standard input change its ways and are answered; every PDU that comes, and every receipt that goes, is a
 * JSON line on standard output. It ends when standard input does.
 */
public class ForeignSmsc {
  static final Map<String, String> ways = new ConcurrentHashMap<>(
      Map.of("answers", "yes", "receipts", "yes", "receipt-ids", "as-is", "enquire-link-ms", "60000"));
  static final Map<String, SubmitSm> accepted = new ConcurrentHashMap<>();
  static final Set<SMPPServerSession> bound = ConcurrentHashMap.newKeySet();
  static final ExecutorService threads = Executors.newCachedThreadPool();
  static final AtomicLong ids = new AtomicLong(0x00A0F000);
  static final PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);

  public static void main(String[] arguments) throws Exception {
    boolean isTls = arguments[3].equals("tls");
    ServerConnectionFactory factory = isTls ? new SSLServerSocketConnectionFactory() : new ServerSocketConnectionFactory();
    ServerConnection listener = factory.listen(Integer.parseInt(arguments[0]));
    threads.execute(() -> accept(listener, arguments[1], arguments[2]));
    say("listening", "port", arguments[0]);
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      obey(line.split(" "));
      say("told", "way", line);
    }
    System.exit(0);
  }

  static void accept(ServerConnection listener, String systemId, String password) {
    for (;;) {
      try {
        Connection connection = listener.accept();
        SMPPServerSession session = new SMPPServerSession(connection, null, answers(), receipts(), 200, 1000,
            new SynchronizedPDUSender(new DefaultPDUSender()), new LoggingReader());
        threads.execute(() -> letIn(session, systemId, password));
      } catch (IOException failure) {
        say("connection failed", "reason", String.valueOf(failure.getMessage()));
      }
    }
  }

  static void letIn(SMPPServerSession session, String systemId, String password) {
    try {
      BindRequest bind = session.waitForBind(5000);
      boolean isKnown = bind.getSystemId().equals(systemId) && bind.getPassword().equals(password);
      if (isKnown) bind.accept("jSMPP", InterfaceVersion.IF_34);
      else bind.reject(SMPPConstant.STAT_ESME_RINVPASWD);
      if (isKnown) bound.add(session);
      session.setEnquireLinkTimer(Integer.parseInt(ways.get("enquire-link-ms")));
    } catch (Exception failure) {
      session.close();
    }
  }

  static void obey(String[] line) throws Exception {
    ways.put(line[0], line[1]);
    if (!line[0].equals("sessions")) return;
    for (SMPPServerSession session : List.copyOf(bound)) {
      bound.remove(session);
      if (line[1].equals("unbind")) threads.execute(session::unbindAndClose);
      else session.close();
    }
  }

  /** Of the many things that jSMPP asks or tells, one is of interest. */
  static <T> T listener(Class<T> type, String interest, InvocationHandler react) {
    InvocationHandler handler = (proxy, method, given) ->
        method.getName().equals(interest) ? react.invoke(proxy, method, given) : null;
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  static ServerMessageReceiverListener answers() {
    return listener(ServerMessageReceiverListener.class, "onAcceptSubmitSm", (proxy, method, given) -> {
      while (ways.get("answers").equals("no")) Thread.sleep(5);
      String id = String.format("%08X", ids.incrementAndGet());
      accepted.put(id, (SubmitSm) given[0]);
      return new SubmitSmResult(new MessageId(id), new OptionalParameter[0]);
    });
  }

  static ServerResponseDeliveryListener receipts() {
    return listener(ServerResponseDeliveryListener.class, "onSubmitSmRespSent", (proxy, method, given) -> {
      if (ways.get("receipts").equals("yes")) threads.execute(() -> sendReceipt(((SubmitSmResult) given[0]).getMessageId()));
      return null;
    });
  }

  static void sendReceipt(String id) {
    SubmitSm sm = accepted.get(id);
    if (sm.getRegisteredDelivery() == 0) return;
    String shown = switch (ways.get("receipt-ids")) {
      case "decimal" -> String.format("%010d", Long.parseLong(id, 16));
      case "short" -> Long.toHexString(Long.parseLong(id, 16));
      default -> id;
    };
    Date now = new Date();
    String text = new DeliveryReceipt(shown, 1, 1, now, now, DeliveryReceiptState.DELIVRD, "000", "").toString();
    ESMClass kind = new ESMClass(MessageMode.DEFAULT, MessageType.SMSC_DEL_RECEIPT, GSMSpecificFeature.DEFAULT);
    try {
      Optional<SMPPServerSession> to = bound.stream().filter((one) -> one.getSessionState().isReceivable()).findFirst();
      to.orElseThrow().deliverShortMessage("", TypeOfNumber.INTERNATIONAL, NumberingPlanIndicator.ISDN, sm.getDestAddress(),
          TypeOfNumber.ALPHANUMERIC, NumberingPlanIndicator.UNKNOWN, sm.getSourceAddr(), kind, (byte) 0, (byte) 0,
          new RegisteredDelivery(0), DataCodings.ZERO, text.getBytes());
      say("receipt answered", "id", id, "shown", shown);
    } catch (Exception failure) {
      say("receipt failed", "id", id, "reason", String.valueOf(failure.getMessage()));
    }
  }

  static class LoggingReader extends DefaultPDUReader {
    @Override public byte[] readPDU(DataInputStream in, Command header) throws IOException {
      byte[] pdu = super.readPDU(in, header);
      if (header.getCommandId() == SMPPConstant.CID_SUBMIT_SM) saySubmit(pdu);
      else say("pdu", "command", String.format("%08x", header.getCommandId()), "status", "" + header.getCommandStatus());
      return pdu;
    }
  }

  static void saySubmit(byte[] pdu) throws IOException {
    try {
      SubmitSm sm = new DefaultDecomposer().submitSm(pdu);
      byte[] octets = sm.getShortMessage();
      int header = sm.isUdhi() ? octets[0] + 1 : 0;
      var charset = sm.getDataCoding() == 8 ? CharsetUtil.CHARSET_UCS_2 : CharsetUtil.CHARSET_GSM;
      StringJoiner tlvs = new StringJoiner(" ");
      for (OptionalParameter tlv : sm.getOptionalParameters()) tlvs.add(HexUtil.convertBytesToHexString(tlv.serialize()));
      say("submit", "source", sm.getSourceAddr(), "sourceType", sm.getSourceAddrTon() + "/" + sm.getSourceAddrNpi(),
          "destination", sm.getDestAddress(), "destinationType", sm.getDestAddrTon() + "/" + sm.getDestAddrNpi(),
          "registeredDelivery", "" + sm.getRegisteredDelivery(), "validityPeriod", "" + sm.getValidityPeriod(),
          "userDataHeader", HexUtil.convertBytesToHexString(octets, 0, header), "tlvs", tlvs.toString(),
          "text", CharsetUtil.decode(Arrays.copyOfRange(octets, header, octets.length), charset));
    } catch (PDUStringException | RuntimeException failure) {
      throw new IOException(failure);
    }
  }

  static synchronized void say(String what, String... fields) {
    StringJoiner line = new StringJoiner(",", "{\"what\":\"" + what + "\",\"at\":" + System.currentTimeMillis() + ",", "}");
    for (int n = 0; n < fields.length; n += 2) line.add("\"" + fields[n] + "\":\"" + escaped(fields[n + 1]) + "\"");
    out.println(line);
  }

  static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }
}
