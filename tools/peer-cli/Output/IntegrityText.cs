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

    /// <summary>The sum of a verification.</summary>
    public static string Verified(JsonElement sum, string space)
    {
        var seen = $"{Answer.Number(sum, "changes")} changes in {Answer.Number(sum, "logs")} logs give {Answer.Number(sum, "nodes")} nodes "
            + $"and {Answer.Number(sum, "edges")} edges";
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
