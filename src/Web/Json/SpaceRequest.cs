using System.Text.Json;
using Replica.Crdt.Encoding;
using Replica.Peer.Store;

namespace Replica.Web.Json;

/// <summary>The wish for a space: a new one, or with a ticket somebody's.</summary>
/// <param name="Name">Its name in this home.</param>
/// <param name="DisplayName">What others will see this device as; null for the home's own name.</param>
/// <param name="Ticket">The ticket to join with; null to found a space.</param>
/// <param name="Durability">When its local writes are acknowledged.</param>
internal sealed record SpaceRequest(string Name, string? DisplayName, string? Ticket, Durability Durability)
{
    private static readonly string[] s_names = ["name", "displayName", "ticket", "durability"];

    /// <summary>Reads the body of the request.</summary>
    /// <exception cref="EncodingException">It is not of this form.</exception>
    public static SpaceRequest Read(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = StrictObject.DepthMax });
        string? name = null, displayName = null, ticket = null;
        var durability = Durability.Full;
        var seen = 0;
        try
        {
            _ = reader.Read();
            StrictObject.Start(ref reader, "body");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                switch (StrictObject.Name(ref reader, s_names, ref seen))
                {
                    case "name":
                        name = StrictObject.Text(ref reader, "name");
                        break;
                    case "displayName":
                        displayName = StrictObject.Text(ref reader, "display name");
                        break;
                    case "durability":
                        durability = DurabilityName.Parse(StrictObject.Text(ref reader, "durability"));
                        break;
                    default:
                        ticket = StrictObject.Text(ref reader, "ticket");
                        break;
                }
            }

            StrictObject.End(ref reader);
        }
        catch (JsonException fault)
        {
            throw JsonFault.Explain(fault);
        }

        return new(name ?? throw new EncodingException("The name of the space is missing."), displayName, ticket, durability);
    }
}
