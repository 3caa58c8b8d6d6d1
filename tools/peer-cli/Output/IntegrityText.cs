using System.Text.Json;
using Replica.PeerCli.Control;

namespace Replica.PeerCli.Output;

/// <summary>What checking and saving a space gives, as people read it.</summary>
internal static class IntegrityText
{
    /// <summary>One damage.</summary>
    public static string Damage(JsonElement damage)
    {
        var cause = Answer.Text(damage, "cause") is { Length: > 0 } code ? $"; {code}" : "";
        return SafeText.Of($"{Answer.Text(damage, "subject")}: {Answer.Text(damage, "detail")} ({Answer.Text(damage, "code")}{cause})");
    }

    /// <summary>The sum of a backup.</summary>
    public static string Saved(JsonElement sum) =>
        $"saved {SafeText.Of(Answer.Text(sum, "file"))}, {Answer.Number(sum, "bytes")} bytes: " + (Answer.Truth(sum, "keys")
            ? "the database, and the keys under the passphrase"
            : "the database alone; the keys are not in it, so who restores it can read, and needs a ticket to write and sync")
        + ". What it holds is not encrypted.";

    /// <summary>The sum of a repair.</summary>
    public static string Repaired(JsonElement sum)
    {
        var lost = Answer.Number(sum, "lost");
        return $"repaired: {Answer.Number(sum, "changes")} changes give {Answer.Number(sum, "nodes")} nodes and {Answer.Number(sum, "edges")} edges; "
            + $"the file as it was is kept as {SafeText.Of(Answer.Text(sum, "savedAs"))}"
            + (lost == 0 ? "" : $". {lost} changes were cut off: 'replica run' fetches them again from a peer that has them");
    }

    /// <summary>The sum of a restoration.</summary>
    public static string Restored(JsonElement sum, string directory) =>
        $"restored {Answer.Number(sum, "changes")} verified changes into {SafeText.Of(directory)} as space {SafeText.Of(Answer.Text(sum, "space"))}; "
        + (Answer.Truth(sum, "keys")
            ? "it is the same device, and goes on in a new log"
            : "it can be read; to write and to sync it needs a ticket: replica join TICKET");

    /// <summary>The sum of a verification.</summary>
    public static string Verified(JsonElement sum, string space)
    {
        var seen = $"{Words.Count(Answer.Number(sum, "changes"), "change")} in {Words.Count(Answer.Number(sum, "logs"), "log")} give "
            + $"{Words.Count(Answer.Number(sum, "nodes"), "node")} and {Words.Count(Answer.Number(sum, "edges"), "edge")}";
        var damages = Answer.Number(sum, "damages");
        if (damages == 0)
        {
            return $"ok: {seen}";
        }

        return $"damaged in {damages} {(damages == 1 ? "place" : "places")}: {seen}. "
            + (Answer.Truth(sum, "stateCompared") ? "" : "The state was not compared: the log comes first. ")
            + $"Stop the daemon and run 'replica repair {SafeText.Of(space)}'.";
    }
}
