using System.Buffers;
using System.Text.Json;
using Replica.Peer.Host;

namespace Replica.Web.Json;

/// <summary>How far a space has come, as JSON: <c>{"received","announced","perSecond","leftMs"}</c>; the last is left out where nobody can tell.</summary>
internal static class ProgressJson
{
    /// <summary>Writes it as a line.</summary>
    public static void Write(IBufferWriter<byte> output, SyncProgress progress)
    {
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { SkipValidation = true });
        Write(json, progress);
    }

    /// <summary>Writes it.</summary>
    public static void Write(Utf8JsonWriter json, SyncProgress progress)
    {
        json.WriteStartObject();
        json.WriteNumber("received", progress.Received);
        json.WriteNumber("announced", progress.Announced);
        json.WriteNumber("perSecond", Math.Round(progress.PerSecond, 1));
        if (progress.Left is { } left)
        {
            json.WriteNumber("leftMs", (long)left.TotalMilliseconds);
        }

        json.WriteEndObject();
    }
}
