namespace Replica.Testing.Laws;

/// <summary>A merge type breaks a law: replicas that know the same would not show the same.</summary>
/// <param name="law">The law.</param>
/// <param name="seed">The seed that shows it again.</param>
/// <param name="story">The shortest history found that shows it, a line for each step.</param>
/// <param name="detail">What was found, and what instead.</param>
public sealed class LawBrokenException(string law, ulong seed, string story, string detail)
    : Exception($"Law broken: {law}.\n{story}\n{detail}\nSeed {seed} shows it again.")
{
    /// <summary>The law.</summary>
    public string Law => law;

    /// <summary>The seed that shows it again, in <see cref="LawOptions.Seed"/> with one case.</summary>
    public ulong Seed => seed;

    /// <summary>The shortest history found that shows it.</summary>
    public string Story => story;
}
