using System.Buffers;
using System.Text.Json;
using Replica.Crdt.Changes;
using Replica.Peer.Host;
using Replica.Peer.Net;

namespace Replica.Web.Json;

/// <summary>The state of a home as JSON: the home, its spaces with their logs, its peers with the spaces open with them.</summary>
internal static class StatusJson
{
    /// <summary>Writes it.</summary>
    public static void Write(IBufferWriter<byte> output, HomeStatus status)
    {
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { SkipValidation = true });
        json.WriteStartObject();
        json.WriteString("directory", status.Directory);
        json.WriteString("device", status.Device);
        json.WriteString("sqlite", status.Sqlite);
        WriteTexts(json, "listening", status.Listening);
        json.WriteBoolean("readOnly", status.IsReadOnly);
        json.WriteBoolean("paused", status.IsPaused);
        WriteTexts(json, "notices", status.Notices);
        json.WriteStartArray("spaces");
        foreach (var space in status.Spaces)
        {
            Write(json, space);
        }

        json.WriteEndArray();
        json.WriteStartArray("peers");
        foreach (var peer in status.Peers)
        {
            Write(json, peer);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>A role as it is written in JSON and on the command line.</summary>
    public static string NameOf(Role role) => role switch
    {
        Role.Admin => "admin",
        Role.Writer => "writer",
        Role.Reader => "reader",
        _ => "none",
    };

    private static void Write(Utf8JsonWriter json, SpaceStatus space)
    {
        json.WriteStartObject();
        json.WriteString("name", space.Name);
        json.WriteString("id", space.Id);
        json.WriteString("role", NameOf(space.Role));
        json.WriteString("durability", DurabilityName.Of(space.Durability));
        json.WriteBoolean("joinPending", space.IsJoinPending);
        if (space.JoinFailure is { } failure)
        {
            json.WriteString("joinFailure", failure);
        }

        json.WriteNumber("nodes", space.Nodes);
        json.WriteNumber("edges", space.Edges);
        json.WriteNumber("changes", space.Changes);
        json.WriteNumber("level", space.Level);
        if (space.Sync is { } progress)
        {
            json.WritePropertyName("sync");
            ProgressJson.Write(json, progress);
        }

        WriteTexts(json, "notices", space.Notices);
        if (space.Backup is { } backup)
        {
            json.WriteStartObject("backup");
            json.WriteString("lastFile", backup.LastFile);
            json.WriteString("lastAt", backup.LastAt is { } at ? at.UtcDateTime.ToString("O") : null);
            json.WriteString("nextAt", backup.NextAt.UtcDateTime);
            json.WriteString("failure", backup.Failure);
            json.WriteEndObject();
        }

        Write(json, space.Forks);
        if (space.Incarnation is { } incarnation)
        {
            json.WriteStartObject("incarnation");
            json.WriteString("log", incarnation.Log);
            json.WriteNumber("seq", incarnation.Seq);
            json.WriteString("reason", JsonNamingPolicy.CamelCase.ConvertName(incarnation.Reason.ToString()));
            json.WriteString("at", incarnation.At.UtcDateTime);
            json.WriteEndObject();
        }

        json.WriteStartArray("logs");
        foreach (var log in space.Logs)
        {
            json.WriteStartObject();
            json.WriteString("log", log.Log);
            json.WriteString("device", log.Device);
            json.WriteString("name", log.Name);
            json.WriteNumber("seq", log.Seq);
            json.WriteBoolean("own", log.IsOwn);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyList<ForkStatus> forks)
    {
        json.WriteStartArray("forks");
        foreach (var fork in forks)
        {
            json.WriteStartObject();
            json.WriteString("log", fork.Log);
            json.WriteString("device", fork.Device);
            json.WriteString("name", fork.Name);
            json.WriteNumber("since", fork.Since);
            json.WriteNumber("count", fork.Count);
            json.WriteStartArray("branches");
            foreach (var branch in fork.Branches)
            {
                json.WriteStartObject();
                json.WriteNumber("seq", branch.Seq);
                json.WriteString("head", branch.Head);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, PeerStatus peer)
    {
        json.WriteStartObject();
        json.WriteString("address", peer.Address);
        json.WriteString("device", peer.Device);
        json.WriteString("state", peer.State);
        json.WriteString("detail", peer.Detail);
        json.WriteString("via", peer.Via);
        json.WriteBoolean("dialled", peer.IsDialled);
        json.WriteNumber("faults", peer.Faults);
        json.WriteNumber("bytesIn", peer.BytesIn);
        json.WriteNumber("bytesOut", peer.BytesOut);
        if (peer.LastHeard is { } heard)
        {
            json.WriteString("lastHeard", heard.UtcDateTime);
        }

        json.WriteStartArray("spaces");
        foreach (var space in peer.Spaces)
        {
            json.WriteStartObject();
            json.WriteString("space", space.Space);
            json.WriteBoolean("inSync", space.IsInSync);
            json.WriteNumber("peerLacks", space.PeerLacks);
            json.WriteNumber("weLack", space.WeLack);
            json.WriteString("phase", space.Phase.ToString());
            json.WriteBoolean("pushing", space.IsPushing);
            WriteTexts(json, "problems", space.Problems);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}
