using System.Buffers;
using Replica.Crdt.Values;
using Replica.Peer.Store.Integrity;

namespace Replica.Web.Json;

/// <summary>What checking, repairing, saving and restoring tell, a JSON object a line: progress, damages, and at last the sum.</summary>
public static class IntegrityJson
{
    /// <summary>Writes one event.</summary>
    public static void Write(IBufferWriter<byte> output, IntegrityEvent step)
    {
        var json = new CanonicalJson(output);
        switch (step)
        {
            case IntegrityEvent.Progress progress:
                WriteProgress(json, progress.Phase, progress.Done, progress.Total);
                break;
            case IntegrityEvent.Found found:
                WriteDamage(json, found.Damage);
                break;
            case IntegrityEvent.Verified ended:
                WriteSummary(json, ended.Summary);
                break;
            case IntegrityEvent.Repaired { Summary: var repaired }:
                json.Raw("{\"repaired\":{\"savedAs\":"u8);
                json.Text(repaired.SavedAs);
                Number(json, "changes", repaired.Changes);
                Number(json, "lost", repaired.Lost);
                Number(json, "nodes", repaired.Nodes);
                Number(json, "edges", repaired.Edges);
                json.Raw("}}"u8);
                break;
            case IntegrityEvent.Saved { Summary: var saved }:
                json.Raw("{\"saved\":{\"file\":"u8);
                json.Text(saved.File);
                Number(json, "bytes", saved.Bytes);
                json.Raw(saved.HasKeys ? ",\"keys\":true}}"u8 : ",\"keys\":false}}"u8);
                break;
            case IntegrityEvent.Restored { Summary: var restored }:
                json.Raw("{\"restored\":{\"space\":"u8);
                json.Text(restored.Space);
                Text(json, "id", restored.Id);
                Number(json, "changes", restored.Changes);
                json.Raw(restored.HasKeys ? ",\"keys\":true}}"u8 : ",\"keys\":false}}"u8);
                break;
        }
    }

    /// <summary>Writes how far something is.</summary>
    private static void WriteProgress(CanonicalJson json, string phase, long done, long total)
    {
        json.Raw("{\"progress\":{\"phase\":"u8);
        json.Text(phase);
        Number(json, "done", done);
        Number(json, "total", total);
        json.Raw("}}"u8);
    }

    /// <summary>Writes what is wrong.</summary>
    private static void WriteDamage(CanonicalJson json, Damage damage)
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
