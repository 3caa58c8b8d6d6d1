using Replica.Crdt.Encoding;
using Replica.Peer.Store;

namespace Replica.Web.Json;

/// <summary>A durability as it is written in JSON and on the command line: <c>full</c> or <c>relaxed</c>.</summary>
public static class DurabilityName
{
    /// <summary>Its name.</summary>
    public static string Of(Durability durability) => durability == Durability.Relaxed ? "relaxed" : "full";

    /// <summary>The one of that name.</summary>
    /// <exception cref="EncodingException">There is none.</exception>
    public static Durability Parse(string name) => name switch
    {
        "full" => Durability.Full,
        "relaxed" => Durability.Relaxed,
        _ => throw new EncodingException($"The durability '{name}' is not known: full and relaxed are."),
    };
}
