using System.Buffers;
using Replica.Crdt.Values;
using Replica.Peer.Host;

namespace Replica.Web.Json;

/// <summary>What became of a transaction: <c>{"dot":"log:seq","time":…,"operations":…}</c>; dot null if it had no effect.</summary>
internal static class ReceiptJson
{
    /// <summary>Writes it.</summary>
    public static void Write(IBufferWriter<byte> output, ChangeReceipt receipt)
    {
        var json = new CanonicalJson(output);
        json.Raw("{\"dot\":"u8);
        if (receipt.Dot is { } dot)
        {
            json.Text($"{dot.Log}:{dot.Seq}");
        }
        else
        {
            json.Raw("null"u8);
        }

        json.Raw(",\"time\":"u8);
        json.Text(receipt.Time.ToString());
        json.Raw(",\"operations\":"u8);
        json.Number(receipt.Operations);
        json.Raw("}"u8);
    }
}
