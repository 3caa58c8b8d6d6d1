using System.Buffers;
using Replica.Crdt.Values;
using Replica.Peer.Store.Verification;

namespace Replica.Web.Json;

/// <summary>What verifying tells, a JSON object a line: progress, damages, and at last the sum.</summary>
internal static class IntegrityJson
{
    /// <summary>Writes one event.</summary>
    public static void Write(IBufferWriter<byte> output, VerifyEvent step)
    {
        var json = new CanonicalJson(output);
        switch (step)
        {
            case VerifyEvent.Progress progress:
                WriteProgress(json, progress.Phase, progress.Done, progress.Total);
                break;
            case VerifyEvent.Found found:
                WriteDamage(json, found.Damage);
                break;
            case VerifyEvent.Ended ended:
                WriteSummary(json, ended.Summary);
                break;
        }
    }

    /// <summary>Writes how far something is.</summary>
    public static void WriteProgress(CanonicalJson json, string phase, long done, long total)
    {
        json.Raw("{\"progress\":{\"phase\":"u8);
        json.Text(phase);
        Number(json, "done", done);
        Number(json, "total", total);
        json.Raw("}}"u8);
    }

    /// <summary>Writes what is wrong.</summary>
    public static void WriteDamage(CanonicalJson json, Damage damage)
    {
        json.Raw("{\"damage\":{\"code\":"u8);
        json.Text(damage.Code);
        Text(json, "subject", damage.Subject);
        Text(json, "detail", damage.Detail);
        if (damage.Log is { } log)
        {
            Text(json, "log", log);
        }

        if (damage.Seq is { } seq)
        {
            Number(json, "seq", (long)seq);
        }

        if (damage.Cause is { } cause)
        {
            Text(json, "cause", cause);
        }

        json.Raw("}}"u8);
    }

    private static void WriteSummary(CanonicalJson json, VerifySummary summary)
    {
        json.Raw("{\"verified\":{\"logs\":"u8);
        json.Number(summary.Logs);
        Number(json, "changes", summary.Changes);
        Number(json, "nodes", summary.Nodes);
        Number(json, "edges", summary.Edges);
        Number(json, "damages", summary.Damages);
        json.Raw(summary.IsStateCompared ? ",\"stateCompared\":true}}"u8 : ",\"stateCompared\":false}}"u8);
    }

    private static void Text(CanonicalJson json, string name, string value)
    {
        json.Raw(",\""u8);
        json.Raw(System.Text.Encoding.UTF8.GetBytes(name));
        json.Raw("\":"u8);
        json.Text(value);
    }

    private static void Number(CanonicalJson json, string name, long value)
    {
        json.Raw(",\""u8);
        json.Raw(System.Text.Encoding.UTF8.GetBytes(name));
        json.Raw("\":"u8);
        json.Number(value);
    }
}
