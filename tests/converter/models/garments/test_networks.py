import pytest
import torch
from torch import Tensor, nn

from models.garments.networks import CODE, DETAIL, SHAPE, Critic, Generator, shippable


@pytest.fixture(scope="module")
def generator() -> Generator:
    """An untrained generator with non-trivial normalization statistics."""
    torch.manual_seed(1)
    made = Generator().eval()
    for each in made.modules():
        if isinstance(each, nn.BatchNorm2d):
            each.running_mean = torch.randn(each.num_features) / 4
            each.running_var = torch.rand(each.num_features) + 0.1
    return made


def codes(count: int) -> Tensor:
    kinds = torch.eye(10)[torch.arange(count) % 10]
    return torch.cat([torch.randn(count, SHAPE + DETAIL), kinds], 1)


@torch.no_grad()
def test_a_code_becomes_a_garment(generator: Generator) -> None:
    made = generator(codes(3))
    assert made.shape == (3, 1, 28, 28)
    assert made.min() >= 0
    assert made.max() <= 1


@torch.no_grad()
@pytest.mark.parametrize(
    "part", [slice(0, SHAPE), slice(SHAPE, SHAPE + DETAIL), slice(SHAPE + DETAIL, CODE)]
)
def test_every_part_of_a_code_matters(generator: Generator, part: slice) -> None:
    one = codes(1)
    other = one.clone()
    other[:, part] = other[:, part].roll(1, 1)
    assert (generator(one) - generator(other)).abs().max() > 0.01


@torch.no_grad()
def test_detail_leaves_the_coarse_map_as_it_is(generator: Generator) -> None:
    seen = list[Tensor]()
    hook = generator.seed_norm.register_forward_hook(lambda *call: seen.append(call[2]))
    one = codes(1)
    other = one.clone()
    other[:, SHAPE : SHAPE + DETAIL] += 1
    generator(torch.cat([one, other]))
    hook.remove()
    torch.testing.assert_close(seen[0][0], seen[0][1])


@torch.no_grad()
def test_what_is_shipped_computes_the_same_without_transposed_convolutions(
    generator: Generator,
) -> None:
    made = shippable(generator)
    given = codes(4)
    torch.testing.assert_close(made(given), generator(given), atol=1e-5, rtol=0)
    assert not any(isinstance(each, nn.ConvTranspose2d) for each in made.modules())
    assert any(isinstance(each, nn.ConvTranspose2d) for each in generator.modules())


@torch.no_grad()
def test_the_critic_tells_three_things_of_each_garment() -> None:
    real, kind, code = Critic()(torch.rand(4, 1, 28, 28), torch.eye(10)[:4])
    assert real.shape == (4,)
    assert kind.shape == (4, 10)
    assert code.shape == (4, SHAPE + DETAIL)


@torch.no_grad()
def test_the_critic_minds_which_class_was_asked_for() -> None:
    critic, image = Critic(), torch.rand(1, 1, 28, 28)
    as_first, as_second = (critic(image, torch.eye(10)[kind : kind + 1])[0] for kind in (0, 1))
    assert as_first != as_second
