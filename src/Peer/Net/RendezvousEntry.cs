using System.Text;
using Replica.Transport;

namespace Replica.Peer.Net;

/// <summary>What a device leaves at a relay for its fellow members: how it is dialled there, and where directly.</summary>
/// <remarks>
/// Text before sealing, always 256 bytes: routing key (32) ‖ count (1) ‖ for each address: length (1) ‖ ASCII; then zeros.
/// </remarks>
/// <param name="RoutingKey">Its routing key at that relay.</param>
/// <param name="Addresses">Its direct addresses, as many as fit.</param>
internal sealed record RendezvousEntry(DeviceKey RoutingKey, IReadOnlyList<PeerAddress> Addresses)
{
    /// <summary>The length of the text.</summary>
    public const int TextBytes = 256;

    /// <summary>The length of the nonce before the sealed text.</summary>
    public const int NonceBytes = 12;

    /// <summary>The length of the whole.</summary>
    public const int SealedBytes = NonceBytes + TextBytes + 16;

    private const int AddressesMax = 8;

    /// <summary>Writes the text; addresses that do not fit are left out.</summary>
    public byte[] ToText()
    {
        var text = new byte[TextBytes];
        RoutingKey.CopyTo(text);
        var at = DeviceKey.SizeBytes + 1;
        foreach (var address in Addresses.Take(AddressesMax))
        {
            var bytes = Encoding.ASCII.GetBytes(address.ToString());
            if (bytes.Length > byte.MaxValue || at + 1 + bytes.Length > TextBytes)
            {
                continue;
            }

            text[at] = (byte)bytes.Length;
            bytes.CopyTo(text, at + 1);
            at += 1 + bytes.Length;
            text[DeviceKey.SizeBytes]++;
        }

        return text;
    }

    /// <summary>Reads the text. Addresses of unknown kinds, relayed ones, and those of a link that is not ours, are left out.</summary>
    /// <returns>Null if it is none.</returns>
    public static RendezvousEntry? TryRead(ReadOnlySpan<byte> text)
    {
        if (text.Length != TextBytes || text[DeviceKey.SizeBytes] > AddressesMax)
        {
            return null;
        }

        var addresses = new List<PeerAddress>();
        var rest = text[(DeviceKey.SizeBytes + 1)..];
        for (var i = 0; i < text[DeviceKey.SizeBytes]; i++)
        {
            if (rest.IsEmpty || rest.Length < 1 + rest[0])
            {
                return null;
            }

            if (PeerAddress.TryParse(Encoding.ASCII.GetString(rest.Slice(1, rest[0])), out var address, out _)
                && address is (PeerAddress.TcpHost or PeerAddress.WebSocketHost) and { IsOnLink: false })
            {
                addresses.Add(address);
            }

            rest = rest[(1 + rest[0])..];
        }

        return new(DeviceKey.FromBytes(text[..DeviceKey.SizeBytes]), addresses);
    }
}
